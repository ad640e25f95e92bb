"""Tests of the import of published checkpoints."""
