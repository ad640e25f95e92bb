"""Tests of `desktop.assistant`."""
