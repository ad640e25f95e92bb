"""Observations of media and documents: read, stored, and written into the prompt."""
