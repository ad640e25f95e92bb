"""Tests of the bundle that comes with the package."""
