"""A reader of pictures: the colours that fill most of them."""
