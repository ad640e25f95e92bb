"""Tests of the far end of a connection."""
