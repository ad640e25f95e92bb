"""The window: what a person sees and touches, made with Qt Quick.

Knows Qt, the library and the engine's client. Loads no model and computes nothing: torch never
enters this process.
"""
