"""Tests of `desktop.window.presets`."""
