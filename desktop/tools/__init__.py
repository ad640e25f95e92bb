"""The tools process: tools and MCP servers, each call after the person agreed. Knows no model, no
library and no window."""

TOOLS_ARGUMENT = "--medley-tools"
"""First argument with which a frozen app, which has no `-m`, is told to be a tools process."""
