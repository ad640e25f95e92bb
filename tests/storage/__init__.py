"""Tests of the library, on real files."""
