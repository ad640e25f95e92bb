"""`medley evaluate`: what a bundle gets right, in one report."""
