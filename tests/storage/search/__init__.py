"""Tests of `storage.search`."""
