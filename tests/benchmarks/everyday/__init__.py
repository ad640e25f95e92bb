"""Tests of `benchmarks.everyday`."""
