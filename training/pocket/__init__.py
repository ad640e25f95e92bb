"""Trains Pocket, the bundle that comes with the package, from scratch."""
