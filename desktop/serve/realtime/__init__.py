"""`/v1/realtime`: spoken conversations over a WebSocket, in OpenAI's events."""
