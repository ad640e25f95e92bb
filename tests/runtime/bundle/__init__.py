"""Tests of `runtime.bundle`."""
