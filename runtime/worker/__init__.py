"""The worker process: an engine at the other end of two pipes. Knows the engine and no window.

`protocol` and `frames` are what both ends share; they import no torch. `python -m runtime.worker`
is the process itself.
"""
