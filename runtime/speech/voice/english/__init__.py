"""English text into the phonemes of the voice."""
