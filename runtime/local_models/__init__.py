"""Finds out what the models on this machine are: files and folders that a person has already."""
