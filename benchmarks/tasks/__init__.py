"""Thirty tasks of a desktop, written as a person says them, each with a check of what became of it.

    python -m benchmarks.tasks [--bundle NAME|DIR] [--limit N] [--only NAME]

A task is done if its files, reminders, memories or artifacts are as they should be, or, where it
asks something, if the answer holds what it must. Whether anything outside the granted folder was
touched is counted apart.
"""
