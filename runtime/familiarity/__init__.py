"""The distance of a medium or a text from what a bundle was trained on, and the answer beyond
it."""
