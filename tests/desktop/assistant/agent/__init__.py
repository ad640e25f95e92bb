"""Tests of the agent, most of them with a scripted model and the real tools process."""
