"""Tests of `desktop.assistant.own_models`."""
