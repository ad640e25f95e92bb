"""What a person meets in the first hour, measured: everyday questions, requests for media, and talk
in which nothing may be made.

Each kind comes in two sets of full size. The *development* set is to look at while a prompt is
tuned; the *held-out* set is in other words about other matters, and is not read while rules are
written.
"""
