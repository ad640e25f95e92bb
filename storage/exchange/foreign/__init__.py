"""Conversations of other programs: their forms, each read into the same plain one."""
