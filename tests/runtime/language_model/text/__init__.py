"""Tests of a model's texts."""
