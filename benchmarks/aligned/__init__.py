"""A language model aligned with Pocket's parts, on phrasings that nobody taught it."""
