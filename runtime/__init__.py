"""NExT-GPT itself: bundle, encoder, projections, language model, device memory and the engine."""
