"""Tests of Medley's own tools, called in a real tools process."""
