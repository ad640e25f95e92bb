"""Tests of `runtime.observations`."""
