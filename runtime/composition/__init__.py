"""Composes bundles from models that a person has: nothing is trained, and nothing is copied that
can be linked. Imports no torch and no llama.cpp."""

TEMPLATE_ARGUMENT = "--render-chat-template"
"""Makes the frozen app the process that renders a chat template."""
