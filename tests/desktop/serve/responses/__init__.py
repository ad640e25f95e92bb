"""Tests of `desktop.serve.responses`."""
