"""Which local model asks for the right tool: cases of the Berkeley Function Calling Leaderboard."""
