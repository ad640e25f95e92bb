"""GGUF files: exported, patched with new tokens and weights, quantized."""
