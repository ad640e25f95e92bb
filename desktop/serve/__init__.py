"""The OpenAI-compatible server on this computer's loopback. Knows HTTP and the engine's client.

Loads no model: the engine lies in its worker, voices and hearing in helpers of their own.
"""

SPEECH_ARGUMENT = "--medley-serve-speech"
"""First argument with which a frozen app, which has no `-m`, is told to be a speech helper."""
