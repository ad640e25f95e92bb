"""Tests of `storage.maintenance`."""
