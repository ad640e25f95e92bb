"""A process of its own decodes foreign files, so that a broken one takes nobody else down."""
