"""NExT-GPT as one module for training, and its losses on the decoding side."""
