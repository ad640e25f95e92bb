"""Tests of `runtime.familiarity`."""
