"""Dialogues of Pocketworld, and the phrasings they are worded in."""
