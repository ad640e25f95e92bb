"""Tests of `training.evaluation.sheets`."""
