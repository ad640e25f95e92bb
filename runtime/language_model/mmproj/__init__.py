"""The part of a GGUF language model that sees or hears, in a file of its own, through mtmd."""
