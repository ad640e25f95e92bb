"""Tests of `runtime.worker`."""
