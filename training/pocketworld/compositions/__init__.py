"""The composition level of Pocketworld: counts, two things, loudness, order and speed.

Each is a scene of the first ring and one word more. Nothing of it is in Pocket's training.
"""
