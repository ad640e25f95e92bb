"""Tools in the window: cards of calls, consent, folders, servers, memory, and what the window does
for tools."""
