"""Pictures, sounds and clips: those that requests bring, and those that are made."""
