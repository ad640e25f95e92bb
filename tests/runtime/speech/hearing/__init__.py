"""Tests of `runtime.speech.hearing`."""
