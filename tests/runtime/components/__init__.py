"""Tests of `runtime.components`."""
