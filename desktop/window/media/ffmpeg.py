"""Quiets the FFmpeg that Qt Multimedia plays with. Knows where Qt keeps its libraries, no player.

FFmpeg writes on stderr what every medium that it opens is made of, its metadata with it, and a
medium that Medley made carries its whole recipe there. Its warnings and errors still come.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
from pathlib import Path

from PySide6.QtCore import QLibraryInfo

AV_LOG_WARNING = 24
"""What a medium is made of is told one level below."""


def quiet_ffmpeg() -> None:
    """Have FFmpeg tell warnings and errors only, once Qt has loaded it.

    Does nothing where Qt plays with something else, and where a person asked for FFmpeg's messages
    with Qt's own `QT_FFMPEG_DEBUG`.
    """
    if os.environ.get("QT_FFMPEG_DEBUG"):
        return
    # Only what is loaded already: another copy would have a level of its own.
    mode = getattr(os, "RTLD_NOLOAD", 0) | getattr(os, "RTLD_NOW", 0)
    for place in (QLibraryInfo.LibraryPath.LibrariesPath, QLibraryInfo.LibraryPath.BinariesPath):
        for file in Path(QLibraryInfo.path(place)).glob("*avutil*"):
            with contextlib.suppress(OSError, AttributeError):
                ctypes.CDLL(str(file), mode=mode).av_log_set_level(AV_LOG_WARNING)
