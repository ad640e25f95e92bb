"""Measures what a bundle of Pocketworld knows: damaged media, made-up media, words."""
