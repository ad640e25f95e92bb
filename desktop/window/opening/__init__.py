"""From the start of the program to the first frame, and from there to the whole window."""
