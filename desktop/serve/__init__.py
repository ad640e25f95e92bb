"""The OpenAI-compatible server on this computer's loopback. Knows HTTP and the engine's client.

Loads no model: the engine lies in its worker, voices and hearing in helpers of their own.
"""
