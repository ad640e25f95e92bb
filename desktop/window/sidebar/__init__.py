"""The sidebar: conversations by day, and search."""
