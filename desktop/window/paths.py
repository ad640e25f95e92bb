"""Addresses of files as Qt gives them, and the paths that they mean. Knows no file."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from urllib.parse import unquote_to_bytes

from PySide6.QtCore import QUrl


def local_path(url: QUrl) -> Path:
    """The path of a file of this machine, byte for byte: what is not written as UTF-8 Qt's own
    `toLocalFile` leaves as it was in the address."""
    if sys.platform == "win32":
        return Path(url.toLocalFile())
    encoded = url.path(QUrl.ComponentFormattingOption.FullyEncoded)
    return Path(os.fsdecode(unquote_to_bytes(encoded)))
