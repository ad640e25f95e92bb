"""Tests of `storage.file`."""
