"""Tests of `runtime.language_model.grammar`."""
