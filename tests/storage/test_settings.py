"""Settings come back as they were kept, and only in the type that is asked for."""

from __future__ import annotations

import msgspec

from storage.library import Library
from storage.records import Changed


class Window(msgspec.Struct):
    """Something a window may want to keep."""

    theme: str = "light"
    scale: float = 1.0


def test_settings_are_checked_to_be_of_the_wanted_type(library: Library) -> None:
    library.settings.put("window", Window("dark", 1.5))
    library.settings.put("steps", 12)

    assert library.settings.get("window", Window(), Window) == Window("dark", 1.5)
    assert library.settings.get("steps", 8, int) == 12
    assert library.settings.get("steps", "auto", str) == "auto"
    assert library.settings.get("window") == {"theme": "dark", "scale": 1.5}
    assert library.settings.get("missing") is None
    assert library.settings.get("missing", 3, int) == 3


def test_a_setting_can_be_forgotten(library: Library, heard: list[Changed]) -> None:
    library.settings.put("steps", 12)

    library.settings.forget("steps")
    library.settings.forget("steps")

    assert library.settings.get("steps") is None
    assert {kind for changed in heard for kind in changed.kinds} == {"settings"}
