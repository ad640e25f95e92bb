"""A model's texts: cut into tokens, put together from them, told from what was only thought."""
