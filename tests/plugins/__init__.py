"""Tests of the plugin floor."""
