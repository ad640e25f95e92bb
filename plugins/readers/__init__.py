"""The built-in readers: speech, text in pictures, labels of pictures, documents.

Each is reached through its line in `medley-plugin.toml` only. The packages that compute are
imported by the functions that use them.
"""
