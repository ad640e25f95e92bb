"""`Look`: what `medley` is for QML until the whole window is loaded. Its colours, size and place.

Knows the small file beside the library and Qt's hints; imports no view and nothing of the library.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
from PySide6.QtCore import Property, QObject, Signal
from PySide6.QtGui import QGuiApplication

from desktop.window import theme, window_state

LARGEST_SCALE = 2.0


class Look(QObject):
    """The properties of `Medley` that the first frame is drawn by."""

    changed = Signal()

    def __init__(self, library: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        look = window_state.read(library.with_name(window_state.FILE))
        self._place = look.place
        self._known = look.preferences
        QGuiApplication.styleHints().colorSchemeChanged.connect(self.changed)

    def _is(self, name: str) -> bool:
        return self._known.get(name) is True

    def _scale(self) -> float:
        found = self._known.get("scale")
        given = isinstance(found, int | float) and not isinstance(found, bool)
        return min(max(1.0, float(found)), LARGEST_SCALE) if given else 1.0

    complete = Property(bool, lambda self: False, constant=True)
    """Whether all that QML asks of `medley` is there."""
    dark = Property(
        bool, lambda self: theme.is_dark(str(self._known.get("theme", "system"))), notify=changed
    )
    highContrast = Property(  # noqa: N815  (QML names properties so)
        bool,
        lambda self: self._is("high_contrast") or theme.system_wants_contrast(),
        notify=changed,
    )
    reducedMotion = Property(  # noqa: N815
        bool, lambda self: self._is("reduced_motion"), notify=changed
    )
    scale = Property(float, _scale, notify=changed)
    windowGeometry = Property(  # noqa: N815
        "QVariantMap",  # type: ignore[arg-type]
        lambda self: geometry(self._place),
        constant=True,
    )


def geometry(place: window_state.Place | None) -> dict[str, Any]:
    """A place as QML reads it; empty where there is none."""
    return {} if place is None else msgspec.structs.asdict(place)
