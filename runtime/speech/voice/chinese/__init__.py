"""Chinese text into the phonemes of the voice."""
