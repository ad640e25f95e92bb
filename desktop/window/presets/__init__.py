"""Presets: a system text, a model, tools, a voice and numbers under one name."""
