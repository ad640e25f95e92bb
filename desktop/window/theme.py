"""What the system prefers: dark or light, contrast, motion, language. Knows Qt's hints only.

The names of `Qt` are imported where they are used: the first frame does without them.
"""

from __future__ import annotations

import contextlib
import os
import sys
from pathlib import Path

from PySide6.QtCore import QLocale
from PySide6.QtGui import QGuiApplication

LANGUAGES = ("en", "zh_CN")
_NOISE = (
    "qt.multimedia.symbolsresolver.warning=false",
    "qt.multimedia.symbolsresolver.info=false",
    "qt.multimedia.ffmpeg.info=false",
    "qt.multimedia.ffmpeg.encoder.info=false",
    "qt.multimedia.playbackengine.codec.info=false",
)


def system_is_dark() -> bool:
    """Whether the desktop is set to dark."""
    from PySide6.QtCore import Qt

    return QGuiApplication.styleHints().colorScheme() == Qt.ColorScheme.Dark


def is_dark(choice: str) -> bool:
    """Whether a choice of `system`, `light` or `dark` means dark now."""
    return choice == "dark" or (choice == "system" and system_is_dark())


def system_wants_contrast() -> bool:
    """Whether the desktop asks for strong contrast."""
    from PySide6.QtCore import Qt

    hints = QGuiApplication.styleHints()
    return hints.accessibility().contrastPreference() == Qt.ContrastPreference.HighContrast


def resolve_language(choice: str) -> str:
    """One of `LANGUAGES`: the choice, or for `system` the first of the person's that is there."""
    if choice in LANGUAGES:
        return choice
    for name in QLocale.system().uiLanguages():
        language = name.replace("-", "_").split("_")[0]
        if language == "zh":
            return "zh_CN"
        if language == "en":
            return "en"
    return "en"


def quiet_known_noise() -> None:
    """Silence messages of Qt about optional system libraries, which tell a person nothing."""
    known = os.environ.get("QT_LOGGING_RULES", "")
    os.environ["QT_LOGGING_RULES"] = ";".join(filter(None, [*_NOISE, known]))


def has_file_dialogs() -> bool:
    """Whether the desktop has dialogs of its own for files. On Linux those come with a plugin for
    the desktop; what Qt has in their place is not fit to be used."""
    if sys.platform != "linux":
        return True
    with contextlib.suppress(OSError):
        return "/platformthemes/" in Path("/proc/self/maps").read_text("utf-8", "replace")
    return True
