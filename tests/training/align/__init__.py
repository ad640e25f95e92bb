"""Tests of `training.align`."""
