"""Tests of `desktop.mcp_server`."""
