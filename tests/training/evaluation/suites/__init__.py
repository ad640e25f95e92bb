"""Tests of `training.evaluation.suites`."""
