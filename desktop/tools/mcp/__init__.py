"""MCP servers as a source of tools: the client's side, within the tools process. The only package
beside Medley's own server that knows the MCP SDK, which takes seconds to import."""
