"""Tests of `benchmarks.first_hour`."""
