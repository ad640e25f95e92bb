"""Tests of `desktop.assistant.media_probe`."""
