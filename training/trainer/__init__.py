"""Resumable training: the loop, processes, devices, stages and what they lost."""
