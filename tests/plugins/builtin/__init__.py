"""Tests of `plugins.builtin`."""
