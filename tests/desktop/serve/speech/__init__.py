"""Tests of `desktop.serve.speech`."""
