"""The addresses of pictures inside the window: `image://medley/KIND/NAME`. Knows no Qt.

The only addresses that QML is ever given. `pictures` answers them.
"""

from __future__ import annotations

from desktop.modalities import modality
from storage.records import Medium

SCHEME = "medley"
THUMBNAIL, SHOWN, STEP = "thumbnail", "shown", "step"


def thumbnail(medium: Medium) -> str:
    """A small picture of a picture or a clip; empty for what has no looks."""
    return _address(THUMBNAIL, medium)


def shown(medium: Medium) -> str:
    """The picture itself, or the poster of a clip; empty for what has no looks."""
    return _address(SHOWN, medium)


def step(message_id: int, index: int, number: int) -> str:
    """What a rendering looked like after a step."""
    return f"image://{SCHEME}/{STEP}/{message_id}/{index}/{number}"


def _address(kind: str, medium: Medium) -> str:
    if not modality(medium.modality).has_picture:
        return ""
    return f"image://{SCHEME}/{kind}/{medium.sha256}"
