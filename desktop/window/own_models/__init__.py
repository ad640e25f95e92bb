"""The sheet of a person's own models. Made when it is first opened."""
