"""The application of Qt, or one sentence why there is none. Knows no window.

Qt ends the whole process where it finds no screen, after it has told its message handler why. So
the handler says it to the person, and leaves as other errors do.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from PySide6.QtCore import QMessageLogContext, QtMsgType, qInstallMessageHandler
from PySide6.QtGui import QGuiApplication

from desktop import streams

EXIT_NO_SCREEN = 2
_VARIABLES = ("QT_QPA_PLATFORM", "WAYLAND_DISPLAY", "DISPLAY")
_NO_ANSWER = ("could not connect to display", "Failed to create wl_display")
_ADVICE = "Start it on a desktop, or use `medley chat` in the terminal."


_GRAPHICS = ("dri/renderD*", "nvidia*", "dxg", "mali*", "kgsl*")
"""What a graphics card, or a part that draws, is called among a Linux machine's devices."""


def draw_plainly(devices: Path = Path("/dev")) -> None:
    """Where a Linux machine has no graphics card, have Qt draw the window itself. It would else
    have Mesa compile programs for a card made up of the processor, which takes a hundred megabytes.
    Nothing changes where a person chose how Qt draws. Before the application is made."""
    chosen = any(os.environ.get(name) for name in ("QT_QUICK_BACKEND", "QSG_RHI_BACKEND"))
    if sys.platform != "linux" or chosen:
        return
    if not any(next(devices.glob(pattern), None) for pattern in _GRAPHICS):
        os.environ["QT_QUICK_BACKEND"] = "software"


def application() -> QGuiApplication:
    """The application. Ends the process with a sentence where there is no screen to show it on."""
    said: list[str] = []

    def hear(kind: QtMsgType, _where: QMessageLogContext, text: str) -> None:
        if kind == QtMsgType.QtFatalMsg:
            streams.complain(f"error: {why_not(said)}")
            os._exit(EXIT_NO_SCREEN)
        said.append(text)

    qInstallMessageHandler(hear)
    try:
        app = QGuiApplication(["medley"])
    finally:
        qInstallMessageHandler(None)
    for text in said:
        print(text, file=sys.stderr)
    return app


def why_not(said: list[str]) -> str:
    """The sentence for what Qt said before it gave up."""
    named = [f"{name}={os.environ[name]}" for name in _VARIABLES if os.environ.get(name)]
    if not named:
        return (
            "the window needs a screen: expected DISPLAY or WAYLAND_DISPLAY, found neither. "
            f"{_ADVICE}"
        )
    where = " and ".join(named)
    if (len(named) == 1 and named[0].startswith("WAYLAND")) or _unanswered(said):
        return f"the window needs a screen: expected one at {where}, found none. {_ADVICE}"
    last = next((text for text in reversed(said) if "This application" not in text), "")
    return f"the window cannot be shown at {where}: Qt says {last.strip()!r}. {_ADVICE}"


def _unanswered(said: list[str]) -> bool:
    return any(text.startswith(_NO_ANSWER) for text in said)
