"""The look of the window by itself: its QML files over a `medley` with made-up data."""
