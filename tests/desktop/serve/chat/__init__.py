"""Tests of `desktop.serve.chat`."""
