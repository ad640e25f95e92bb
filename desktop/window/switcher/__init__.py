"""The quick switcher: conversations, commands, presets and models by a few letters (Ctrl+K)."""
