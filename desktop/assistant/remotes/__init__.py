"""Other computers of the person that answer in place of this one: which there are, and the
connection to one, by the system's ssh."""
