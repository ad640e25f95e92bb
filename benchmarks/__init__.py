"""Medley's cost relative to the bare libraries, both measured in one run."""
