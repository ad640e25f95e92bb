"""Tools as a language model sees them: how it is told of them, writes calls and reads results."""
