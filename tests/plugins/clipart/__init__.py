"""Tests of `plugins.clipart`."""
