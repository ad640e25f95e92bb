"""The components of a bundle, loaded and verified each by itself. Brings torch and llama.cpp."""

TRIAL_ARGUMENT = "--medley-try-mmproj"
"""First argument with which a frozen app, which has no `-m`, is told to be a trial."""
