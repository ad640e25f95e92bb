"""Tests of `desktop.window.composer`."""
