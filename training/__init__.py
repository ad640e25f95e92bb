"""Training: Pocketworld, Pocket, alignment of your own components, evaluation."""
