"""Tests of `desktop.tools`."""
