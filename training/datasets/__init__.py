"""Reads the data that a person aligns with: the reference's JSON forms and folders of captions.

Bad data is never an error here: what cannot be used is skipped, with its file and the reason. Knows
files and words; knows no torch and no model.
"""
