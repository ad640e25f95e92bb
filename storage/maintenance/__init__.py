"""Backups, checks and repair of a library."""
