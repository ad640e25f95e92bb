"""Tests of the tools process."""
