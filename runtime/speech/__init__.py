"""Engines of speech: words into sound and sound into words. No devices, no process."""
