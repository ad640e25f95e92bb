"""Tests of `desktop.window.opening`."""
