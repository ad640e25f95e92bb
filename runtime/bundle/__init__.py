"""Bundles: folders that hold a whole any-to-any model. Opens no weights and imports no torch."""
