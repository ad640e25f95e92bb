"""Joins a person's own language model, encoder and renderers into one bundle."""
