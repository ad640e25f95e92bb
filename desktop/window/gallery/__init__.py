"""The gallery: everything that was made and given, in one place."""
