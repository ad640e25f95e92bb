"""Tests of `desktop.serve`."""
