"""Composes bundles from models that a person has: nothing is trained, and nothing is copied that
can be linked. Imports no torch and no llama.cpp."""
