"""Tests of `runtime.speech.voice`."""
