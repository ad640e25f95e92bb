"""Tests of `desktop.window.sidebar`."""
