"""Which model answers the open conversation, and how full its context is."""
