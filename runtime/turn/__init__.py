"""One turn of a conversation: the prompt, what the model writes, the media it asks for."""
