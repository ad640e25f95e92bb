"""Benchmarks of the window's parts."""
