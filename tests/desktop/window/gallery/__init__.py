"""Tests of `desktop.window.gallery`."""
