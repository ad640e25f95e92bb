"""The assistant: ties a conversation to the library and to the engine.

Knows storage, the engine's client and what their messages mean. Knows no Qt and loads no model, so
that any surface can sit on top of it.
"""
