"""Where other programs keep their models, and how each lays them out."""
