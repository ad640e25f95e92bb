"""Tests of `desktop.cli.tools`."""
