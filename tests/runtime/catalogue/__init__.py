"""Tests of `runtime.catalogue`."""
