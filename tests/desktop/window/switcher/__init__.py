"""Tests of `desktop.window.switcher`."""
