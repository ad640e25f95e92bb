"""The spoken conversation: who speaks when, what of an answer was heard. No Qt, no sound."""
