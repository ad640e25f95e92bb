"""A whole turn on a graphics card, against the flow of the reference."""
