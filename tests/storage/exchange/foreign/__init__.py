"""Tests of the imports from other programs."""
