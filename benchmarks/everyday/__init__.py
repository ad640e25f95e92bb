"""Everyday use, measured: everyday questions, requests for media, and messages that must not
produce media.

Each kind comes in two sets of full size. The *development* set is to look at while a prompt is
tuned; the *held-out* set is in other words about other matters, and is not read while rules are
written.
"""
