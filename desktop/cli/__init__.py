"""The `medley` command: its grammar, and a module for each command."""
