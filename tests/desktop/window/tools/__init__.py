"""The window over tools: the switch, folders, memory, reminders, cards."""
