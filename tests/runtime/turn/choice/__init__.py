"""Tests of `runtime.turn.choice`."""
