"""Chat: OpenAI's messages into Medley's, and its events into chunks."""
