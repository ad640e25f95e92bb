"""A face that speaks: drawn, calm, and the same in a clip and in the window."""
