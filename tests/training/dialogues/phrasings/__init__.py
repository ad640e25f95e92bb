"""Tests of `training.dialogues.phrasings`."""
