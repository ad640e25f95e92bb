"""Questions to the language model about its answer: which media it holds, which tool it needs."""
