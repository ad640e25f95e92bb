"""The window's part of the spoken conversation: what is shown and pressed. Knows no sound."""
