"""Tests of `runtime.speech`."""
