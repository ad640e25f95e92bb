"""The transcript: the messages of the open conversation as blocks that can be shown."""
