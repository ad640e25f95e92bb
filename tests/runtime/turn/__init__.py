"""Tests of `runtime.turn`."""
