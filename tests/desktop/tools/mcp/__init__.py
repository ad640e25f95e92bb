"""Tests of `desktop.tools.mcp`."""
