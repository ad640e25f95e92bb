"""Tests of `training.pocket`."""
