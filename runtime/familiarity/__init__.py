"""How far a medium or a text lies from what a bundle was trained on, and what is said beyond."""
