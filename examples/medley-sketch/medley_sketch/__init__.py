"""A Medley plugin that brings a modality of its own: sketches of one figure, as SVG files."""
