"""Tests of `training.gguf`."""
