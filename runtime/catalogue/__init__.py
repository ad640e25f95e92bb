"""Real models by name: what can be had, from where, and what is here. Only `process` connects."""

DOWNLOAD_ARGUMENT = "--download-models"
"""The one argument that turns the frozen app into the process that downloads."""
PROGRAM_ARGUMENT = "--run-bound"
"""The first argument that turns the frozen app into a program that ends with its parent."""
