"""Tests of `storage.agent`."""
