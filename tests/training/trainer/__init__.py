"""Tests of `training.trainer`."""
