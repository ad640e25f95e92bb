"""Tests of `runtime.speech.voice.chinese`."""
