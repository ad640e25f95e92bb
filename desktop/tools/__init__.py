"""The tools process: tools and MCP servers, each call after the person agreed. Knows no model, no
library and no window."""
