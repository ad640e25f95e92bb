"""A person's own models, worked on by a process of its own: what they are, adding, composing and
testing. What a file may do to whoever reads it, it does to that process."""
