"""What Medley costs beside the bare libraries, both sides in one run."""
