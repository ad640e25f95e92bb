"""Grammars that hold what a model writes."""
