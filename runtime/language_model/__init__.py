"""A GGUF language model on llama.cpp, with its conversation in the KV cache."""
