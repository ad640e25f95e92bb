"""Tests of `desktop.assistant.sharing`."""
