"""The composer: text, attachments, and the kinds of media an answer may hold."""
