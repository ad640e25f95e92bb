"""Tests of `plugins.avatar`."""
