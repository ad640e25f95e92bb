"""What the first frame needs to know before the library is open: colours, size, language, place.

A small file beside the library, a copy of what the library holds. When it is missing or broken the
window begins with the defaults and changes when the library is there. Knows files, no Qt.
"""

from __future__ import annotations

import contextlib
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

if TYPE_CHECKING:
    from desktop.assistant.preferences import Preferences

FILE = "window.json"
_NAMES = ("theme", "language", "high_contrast", "reduced_motion", "scale", "welcomed")


class Place(msgspec.Struct, frozen=True):
    """Where the window was, in pixels of the screen."""

    x: int
    y: int
    width: int
    height: int
    maximized: bool = False


class FirstLook(msgspec.Struct, frozen=True):
    """What is kept."""

    preferences: dict[str, Any] = {}
    place: Place | None = None


def read(path: Path) -> FirstLook:
    """What the file holds; nothing where it holds nothing that fits."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=FirstLook)
    except (OSError, msgspec.MsgspecError):
        return FirstLook()


def write(path: Path, look: FirstLook) -> None:
    """Keep it, whole or not at all; a disk that takes nothing does no harm here."""
    temporary = path.with_name(f"{path.name}.new")
    with contextlib.suppress(OSError):
        temporary.write_bytes(msgspec.json.encode(look))
        os.replace(temporary, path)


def preferences_of(look: FirstLook) -> Preferences:
    """The preferences to begin with."""
    from desktop.assistant import preferences as prefs
    from desktop.assistant.preferences import Preferences

    found = Preferences()
    for name in _NAMES:
        if name in look.preferences:
            with contextlib.suppress(ValueError):
                found = prefs.changed(found, name, look.preferences[name])
    return found


def of(preferences: Preferences, place: Place | None) -> FirstLook:
    """What to keep."""
    return FirstLook({name: getattr(preferences, name) for name in _NAMES}, place)
