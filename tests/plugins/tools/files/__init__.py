"""Tests of the tools for files."""
