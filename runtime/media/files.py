"""Opens a person's file safely and names it in errors. Knows bytes, no media formats."""

from __future__ import annotations

import hashlib
import os
import stat
from io import BufferedReader

from plugins.errors import KnownError
from plugins.printable import shown as shown

MediaPath = str | os.PathLike[str]

NOUNS = {"image": "picture", "audio": "sound", "video": "clip", "document": "document"}
"""What a person calls each modality."""


def unusable(path: MediaPath, modality: str, found: str, advice: str = "") -> KnownError:
    """The error for a file that is no usable medium of this modality."""
    noun = NOUNS.get(modality, "medium")
    advice = advice or "Choose another file."
    return KnownError(f"{noun} {shown(path)}: expected a readable {noun}, found {found}. {advice}")


def open_medium(path: MediaPath, modality: str) -> BufferedReader:
    """Open a regular, non-empty file for reading.

    Raises:
        KnownError: there is none, or it cannot be read.
    """
    try:
        status = os.stat(path)
        if stat.S_ISDIR(status.st_mode):
            raise unusable(path, modality, "a folder", "Choose a file in it.")
        if not stat.S_ISREG(status.st_mode):
            raise unusable(path, modality, "a device or pipe")
        if status.st_size == 0:
            raise unusable(path, modality, "an empty file")
        return open(path, "rb")
    except FileNotFoundError as error:
        raise unusable(path, modality, "no such file", "Check the name.") from error
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise unusable(path, modality, f"a file that cannot be opened ({reason})") from error


def size_of(file: BufferedReader) -> int:
    """Bytes of an open file."""
    return os.fstat(file.fileno()).st_size


def content_key(path: MediaPath) -> str:
    """SHA-256 of the file's bytes in hexadecimal: the same medium under any name has one key.

    Raises:
        KnownError: the file is absent, empty or cannot be read.
    """
    with open_medium(path, "medium") as file:
        try:
            return hashlib.file_digest(file, "sha256").hexdigest()
        except OSError as error:
            raise unusable(path, "medium", f"a file that cannot be read ({error})") from error
