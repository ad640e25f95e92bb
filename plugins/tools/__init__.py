"""Medley's own tools, by the same door as those of other plugins."""
