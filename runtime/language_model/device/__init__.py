"""llama.cpp itself: started once, loaded with a model, and the graphics cards that it knows."""
