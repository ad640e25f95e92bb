"""What tools may do and did, what is remembered of a person, and reminders."""
