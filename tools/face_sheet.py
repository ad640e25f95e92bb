"""The talking face on one sheet: its visemes and states, as clips and as the window draw them.

`python -m tools.face_sheet docs/face.png` draws each in a clip's picture and below it in the
window's. Knows the plugin's artwork and the window's file; needs no screen.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("QT_QUICK_BACKEND", "software")

import shiboken6
from PIL import Image, ImageDraw, ImageFont
from PySide6.QtCore import Property, QObject, QUrl
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtQuick import QQuickView

from desktop.window.opening.front import QML
from desktop.window.start import prepare
from plugins.avatar.artwork import Pose, artwork
from plugins.avatar.drawing import Painter
from plugins.avatar.motion import STATES

SIDE = 192
ACROSS = 8
TITLE = 26
PAPER, INK = "#F7F4EC", "#1A201E"
SETTLED_S = 0.15
"""Seconds until the window has painted."""


class Looks(QObject):
    """What the face asks of `medley`."""

    dark = Property(bool, lambda self: False, constant=True)
    highContrast = Property(bool, lambda self: False, constant=True)  # noqa: N815
    reducedMotion = Property(bool, lambda self: True, constant=True)  # noqa: N815
    scale = Property(float, lambda self: 1.0, constant=True)


class Window:
    """The window's face, alone."""

    def __init__(self) -> None:
        self._application = QGuiApplication(sys.argv[:1])
        prepare(self._application)
        self._looks = Looks()
        self._view = QQuickView()
        self._view.rootContext().setContextProperty("medley", self._looks)
        self._view.setColor(artwork().grounds["light"]["ground"])
        self._view.setResizeMode(QQuickView.ResizeMode.SizeRootObjectToView)
        self._view.resize(SIDE, SIDE)
        self._view.setSource(QUrl.fromLocalFile(str(QML / "speech" / "Face.qml")))
        self._view.show()

    def draw(self, state: str, mouth: Pose) -> Image.Image:
        """The face in a state with a mouth."""
        face = self._view.rootObject()
        face.setProperty("state", state)
        face.setProperty("mouth", dict(mouth))
        end = time.monotonic() + SETTLED_S
        while time.monotonic() < end:
            self._application.processEvents()
            time.sleep(0.01)
        image = self._view.grabWindow().convertToFormat(QImage.Format.Format_RGBA8888)
        size = (image.width(), image.height())
        return Image.frombytes("RGBA", size, bytes(image.constBits())).convert("RGB")

    def close(self) -> None:
        """Take it away before what it asks."""
        shiboken6.delete(self._view)


def main() -> None:
    """Draw and save."""
    window, painter = Window(), Painter(artwork(), SIDE, "light")
    cells = list(_cells())
    rows = -(-len(cells) // ACROSS)
    sheet = Image.new("RGB", (ACROSS * SIDE, rows * (2 * SIDE + TITLE)), PAPER)
    pen = ImageDraw.Draw(sheet)
    for index, (title, state, mouth) in enumerate(cells):
        x, y = index % ACROSS * SIDE, index // ACROSS * (2 * SIDE + TITLE)
        pen.text((x + 8, y + 4), title, INK, ImageFont.load_default(15))
        sheet.paste(painter.draw(_together(artwork().looks[state], mouth)), (x, y + TITLE))
        sheet.paste(window.draw(state, mouth), (x, y + TITLE + SIDE))
    window.close()
    sheet.save(Path(sys.argv[1] if len(sys.argv) > 1 else "docs/face.png"))


def _cells() -> Iterator[tuple[str, str, Pose]]:
    for shape, mouth in artwork().poses.items():
        yield shape, "speaking", mouth
    for state in STATES:
        yield state, state, artwork().poses["sil"]


def _together(look: Pose, mouth: Pose) -> Pose:
    return {n: look.get(n, 0.0) + mouth.get(n, 0.0) for n in {*look, *mouth}}


if __name__ == "__main__":
    main()
