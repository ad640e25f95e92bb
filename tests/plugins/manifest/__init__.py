"""Tests of speech: real sound servers, models and voices."""
