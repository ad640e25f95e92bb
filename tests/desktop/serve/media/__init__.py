"""Tests of `desktop.serve.media`."""
