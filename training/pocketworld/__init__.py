"""Pocketworld: a procedural world of scenes, sounds, clips and exact captions, and its oracle."""
