"""The window's engine, shared with Medley's other processes: each model is loaded once, and who
asks first is answered first."""

CONNECTOR_ARGUMENT = "--medley-window-engine"
"""First argument with which a frozen app, which has no `-m`, is told to be a connector."""
