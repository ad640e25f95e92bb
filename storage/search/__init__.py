"""Search by words, in messages, titles, file names and what readers found."""
