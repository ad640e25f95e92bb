"""Tests of the sheet of a person's own models."""
