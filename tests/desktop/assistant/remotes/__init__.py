"""Tests of other computers that answer."""
