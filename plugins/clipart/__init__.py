"""Clip art: pictures put together from the glyphs of the system's colour emoji font."""
