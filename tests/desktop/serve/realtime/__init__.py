"""Tests of `desktop.serve.realtime`."""
