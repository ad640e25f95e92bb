"""The official conformance suite of MCP; `python -m benchmarks.mcp_conformance` runs it."""
