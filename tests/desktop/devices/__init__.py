"""Tests of desktop/devices."""
