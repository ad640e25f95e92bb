"""Tests of `training.pocketworld`."""
