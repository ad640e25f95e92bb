"""What the command line shows: answers, observations, transcripts, made files."""
