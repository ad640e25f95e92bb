"""The library: conversations, messages, media and search, in one SQLite file."""
