"""`Look`: what `medley` is for QML until the whole window is loaded. Its colours, size and place.

Knows the small file beside the library and Qt's hints; imports no view and nothing of the library.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
from PySide6.QtCore import Property, QObject, Signal

from desktop.window import window_state

LARGEST_SCALE = 2.0


class Look(QObject):
    """The properties of `Medley` that the first frame is drawn by.

    What the system prefers is told by QML: to know Qt's names for that, Python first makes all
    names of Qt, which takes as long as the frame itself.
    """

    systemChanged = Signal()  # noqa: N815  (Qt names signals so)

    def __init__(self, library: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        look = window_state.read(library.with_name(window_state.FILE))
        self._place = look.place
        self._known = look.preferences
        self._system_dark = self._system_contrast = False

    def _is(self, name: str) -> bool:
        return self._known.get(name) is True

    def _dark(self) -> bool:
        theme = self._known.get("theme", "system")
        return theme == "dark" or (theme != "light" and self._system_dark)

    def _set_dark(self, dark: bool) -> None:
        self._system_dark = dark
        self.systemChanged.emit()

    def _set_contrast(self, wanted: bool) -> None:
        self._system_contrast = wanted
        self.systemChanged.emit()

    def _scale(self) -> float:
        found = self._known.get("scale")
        given = isinstance(found, int | float) and not isinstance(found, bool)
        return min(max(1.0, float(found)), LARGEST_SCALE) if given else 1.0

    complete = Property(bool, lambda self: False, constant=True)
    """Whether all that QML asks of `medley` is there."""
    systemDark = Property(  # noqa: N815  (QML names properties so)
        bool, lambda self: self._system_dark, _set_dark, notify=systemChanged
    )
    systemContrast = Property(  # noqa: N815
        bool, lambda self: self._system_contrast, _set_contrast, notify=systemChanged
    )
    dark = Property(bool, _dark, notify=systemChanged)
    highContrast = Property(  # noqa: N815
        bool, lambda self: self._is("high_contrast") or self._system_contrast, notify=systemChanged
    )
    reducedMotion = Property(  # noqa: N815
        bool, lambda self: self._is("reduced_motion"), constant=True
    )
    scale = Property(float, _scale, constant=True)
    windowGeometry = Property(  # noqa: N815
        "QVariantMap",  # type: ignore[arg-type]
        lambda self: geometry(self._place),
        constant=True,
    )


def geometry(place: window_state.Place | None) -> dict[str, Any]:
    """A place as QML reads it; empty where there is none."""
    return {} if place is None else msgspec.structs.asdict(place)
