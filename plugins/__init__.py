"""The plugin bus, its contract (`plugins.api`) and the built-in renderers."""
