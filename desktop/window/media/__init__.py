"""Pictures, sounds and clips as the window paints and plays them."""
