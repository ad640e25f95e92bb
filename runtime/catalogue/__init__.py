"""Real models by name: what can be had, from where, and what is here. Only `process` connects."""
