"""What readers found in media and documents: asked for, kept, and written into the prompt."""
