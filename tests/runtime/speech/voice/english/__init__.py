"""Tests of `runtime.speech.voice.english`."""
