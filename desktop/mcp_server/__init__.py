"""Medley as an MCP server: one other program asks it, over stdin and stdout. Knows no window."""
