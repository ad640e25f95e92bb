"""Tests of `training.familiarity`."""
