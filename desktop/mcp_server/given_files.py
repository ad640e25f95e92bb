"""Files that the other program names: those that are read, and new ones that are written.

It runs with the same person's rights, so any file may be named; none is ever overwritten.
"""

from __future__ import annotations

import os
from pathlib import Path

from desktop.file_names import local
from plugins.errors import KnownError, problem_of
from runtime.messages import DOCUMENT, MediaPart
from storage.atomic_files import write_whole


def medium(name: str) -> MediaPart:
    """The message part for a picture, sound, clip or document, whichever the file holds.

    Raises:
        KnownError: there is no such file, it cannot be read, or is none of these.
    """
    from runtime.media import detect_modality, document_mime
    from runtime.media.files import open_medium

    path = _absolute(name)
    open_medium(path, "medium").close()
    modality = DOCUMENT if document_mime(path) else detect_modality(path)
    return MediaPart(modality, str(path))


def sound(name: str) -> Path:
    """A file to listen to.

    Raises:
        KnownError: there is none, or it cannot be read.
    """
    from runtime.media.files import open_medium

    path = _absolute(name)
    open_medium(path, "audio").close()
    return path


def new_file(name: str, endings: tuple[str, ...]) -> Path:
    """The path of a file that is to be written.

    Raises:
        KnownError: it is there already, its folder is not, or its ending says something else.
    """
    path = _absolute(name)
    if path.suffix.lower() not in endings:
        raise KnownError(
            "{path}: expected a name that ends in {endings}, found another one. Choose such a "
            "name.",
            path=path,
            endings=", ".join(endings),
        )
    if os.path.lexists(path):
        raise KnownError(
            "{path}: expected a new file, found one that is there. Choose another name.", path=path
        )
    if not path.parent.is_dir():
        raise KnownError(
            "{path}: expected a folder to write it into, found none. Choose another place.",
            path=path,
        )
    return path


def write(path: Path, data: bytes) -> None:
    """Write a new file, whole or not at all.

    Raises:
        KnownError: it cannot be written.
    """
    from storage.errors import LibraryError

    try:
        write_whole(path, [data])
    except LibraryError as error:
        raise KnownError(problem_of(error)) from error


def _absolute(name: str) -> Path:
    path = local(name)
    if not path.is_absolute():
        raise KnownError(
            "expected the whole path of a file, found {path}. Give it from the root on.",
            path=name[:200],
        )
    return path
