"""Tests of `plugins.speech`."""
