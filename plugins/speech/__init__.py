"""Speech into words, for the reader of sound files and for conversations: the Whisper model, and
which of its texts are made up."""
