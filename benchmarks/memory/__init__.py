"""Benchmarks of memory: what a model remembers, what it needs, and how much an answer takes."""
