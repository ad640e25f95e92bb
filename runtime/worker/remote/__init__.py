"""A worker on another machine: what the two ends of a connection say beside commands and reports,
how files travel in it, and the far end. Knows no transport but a pair of byte streams."""
