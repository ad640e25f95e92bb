"""Medley for many people or cards: its parts as replicas of a Ray Serve application.

An extra with an environment of its own (`requirements.txt`). Nothing of Medley imports it.
"""
