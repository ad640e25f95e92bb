"""Tests of answers that call tools."""
