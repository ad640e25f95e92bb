"""Tests of `desktop.window.media`."""
