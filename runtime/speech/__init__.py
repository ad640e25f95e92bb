"""Speech: `hearing` turns sound into what was said, `voice` words into sound.

Engines alone: they know no device, no process and no window.
"""
