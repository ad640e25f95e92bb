"""Tests of `storage.exchange`."""
