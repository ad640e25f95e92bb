"""Tests of `training.nextgpt`."""
