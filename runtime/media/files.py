"""Opens a user's file safely and names it in errors. Knows bytes, no media formats."""

from __future__ import annotations

import hashlib
import os
from io import BufferedReader

from plugins.errors import CHOOSE_ANOTHER, KnownError, Problem, as_phrase, phrase
from plugins.printable import shown as shown
from plugins.regular_files import SpecialFileError, open_regular

MediaPath = str | os.PathLike[str]

NOUNS = {"image": "picture", "audio": "sound", "video": "clip", "document": "document"}
"""The everyday name of each modality."""


def unusable(
    path: MediaPath, modality: str, found: str | Problem, advice: str | Problem = CHOOSE_ANOTHER
) -> KnownError:
    """The error for a file that is no usable medium of this modality."""
    noun = NOUNS.get(modality, "medium")
    return KnownError(
        "{noun} {path}: expected a readable {noun}, found {found}. {advice}",
        "medium",
        noun=phrase(noun),
        path=shown(path),
        found=as_phrase(found),
        advice=as_phrase(advice),
    )


def open_medium(path: MediaPath, modality: str) -> BufferedReader:
    """Open a regular, non-empty file for reading.

    Raises:
        KnownError: there is none, or it cannot be read.
    """
    try:
        if os.path.isdir(path):
            raise unusable(path, modality, "a folder", "Choose a file in it.")
        file = open_regular(path)
    except SpecialFileError as error:
        raise unusable(path, modality, "a device or pipe") from error
    except FileNotFoundError as error:
        raise unusable(path, modality, "no such file", "Check the name.") from error
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise unusable(
            path, modality, phrase("a file that cannot be opened ({error})", error=reason)
        ) from error
    if size_of(file) == 0:
        file.close()
        raise unusable(path, modality, "an empty file")
    return file


def size_of(file: BufferedReader) -> int:
    """The bytes of an open file; its position does not change."""
    place = file.tell()
    size = file.seek(0, os.SEEK_END)
    file.seek(place)
    return size


def content_key(path: MediaPath) -> str:
    """SHA-256 of the file's bytes in hexadecimal: the same medium under any name has one key.

    Raises:
        KnownError: the file is absent, empty or cannot be read.
    """
    with open_medium(path, "medium") as file:
        try:
            return hashlib.file_digest(file, "sha256").hexdigest()
        except OSError as error:
            raise unusable(
                path, "medium", phrase("a file that cannot be read ({error})", error=error)
            ) from error
