"""Tests of `desktop.window.transcript`."""
