"""Tests of tools as a language model sees them."""
