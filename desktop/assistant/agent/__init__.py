"""The agent: has tools called for a language model, with a person's consent, and tells it what they
gave. One loop serves the window, whose answers are in the library, and the command line."""
