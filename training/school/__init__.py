"""Aligns a person's own parts: a chat model, an encoder and renderers, into one bundle.

The losses and the loop are those that Pocket is trained with; what is here finds the parts, turns a
person's data into sequences, caches what is frozen, and writes the bundle. Knows no Pocketworld.
"""
