"""Tests of `training.dialogues`."""
