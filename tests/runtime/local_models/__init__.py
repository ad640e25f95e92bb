"""Tests of `runtime.local_models`."""
