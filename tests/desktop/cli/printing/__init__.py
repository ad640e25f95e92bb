"""Tests of `desktop.cli.printing`."""
