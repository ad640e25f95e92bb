"""`/v1/responses`: answers as typed items, remembered for the next request."""
