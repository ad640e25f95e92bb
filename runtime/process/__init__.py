"""Processes beside this one: their frames, their end, and the end of their parent."""
