"""Contact sheets: what a bundle answers, to be looked at."""
