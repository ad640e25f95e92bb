"""Tests of `runtime.self_test`."""
