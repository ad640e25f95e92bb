"""Commands that make bundles of what others published or trained."""
