"""The components of a bundle, loaded and verified each by itself. Brings torch and llama.cpp."""
