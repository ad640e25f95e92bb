"""Microphone, loudspeaker, camera and screen of this machine. Knows no conversation."""
