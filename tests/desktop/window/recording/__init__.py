"""Tests of desktop/window/recording."""
