"""Tests of `runtime.encoder`."""
