"""The window's engine, shared with Medley's other processes: each model is loaded once, and who
asks first is answered first."""
