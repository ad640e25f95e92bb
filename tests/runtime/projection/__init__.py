"""Tests of `runtime.projection`."""
