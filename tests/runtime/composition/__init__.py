"""Tests of `runtime.composition`."""
