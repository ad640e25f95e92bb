"""The files of another program's export: in a zip file, a folder, or one file with its neighbours.

They are not trusted: nothing is extracted, no link is followed, and a name in a conversation finds
only a file whose own name it is.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path, PurePosixPath
from typing import BinaryIO, Protocol

from storage.atomic_files import kind_of
from storage.errors import ExchangeError, phrase
from storage.exchange.foreign.lm_studio import USER_FILES
from storage.exchange.packages import ENTRIES, CheckedZip, plain_file, refused

_LM_CONVERSATIONS = "conversations"
_ID = re.compile(r"file[-_][A-Za-z0-9]+")
"""How ChatGPT begins the name of a file that a conversation refers to."""
_PICTURES = "dalle-generations"


class Shelf(Protocol):
    """Files with names."""

    def names(self) -> Sequence[str]:
        """All of them, with `/` between folders."""
        ...

    def documents(self) -> Sequence[str]:
        """Those that may hold conversations."""
        ...

    def open(self, name: str) -> AbstractContextManager[BinaryIO]:
        """One of them."""
        ...


class ZipShelf(CheckedZip):
    """The files in a zip file."""

    def documents(self) -> Sequence[str]:
        """Every JSON file."""
        return _json(self.names())


class FolderShelf:
    """The files in a folder and in the folders of it; with LM Studio's conversations also what was
    attached to them."""

    def __init__(self, folder: Path, only: str | None = None) -> None:
        """With `only` one file is read for conversations, and only its neighbours are media."""
        self._folder, self._only = folder, only
        beside = folder.parent / USER_FILES
        self._beside = beside if folder.name == _LM_CONVERSATIONS and beside.is_dir() else None
        self._names = self._listed()

    def names(self) -> Sequence[str]:
        """All plain files."""
        return self._names

    def documents(self) -> Sequence[str]:
        """Every JSON file, or the one that was named."""
        return _json(self._names) if self._only is None else [self._only]

    def open(self, name: str) -> AbstractContextManager[BinaryIO]:
        """One of them; see `packages.plain_file`."""
        if self._beside is not None and name.startswith(f"../{USER_FILES}/"):
            return plain_file(self._beside, PurePosixPath(name).name)
        return plain_file(self._folder, name)

    def _listed(self) -> list[str]:
        deep = self._only is None
        found = list(_walk(self._folder, deep=deep))
        if not deep and (self._folder / _PICTURES).is_dir():
            found += [f"{_PICTURES}/{name}" for name in _walk(self._folder / _PICTURES, deep=False)]
        if self._beside is not None:
            found += [f"../{USER_FILES}/{name}" for name in _walk(self._beside, deep=False)]
        return found


class Index:
    """Finds a file by the handle that a conversation has for it."""

    def __init__(self, names: Iterable[str]) -> None:
        self._found: dict[str, str] = {}
        for name in names:
            base = PurePosixPath(name).name
            self._found.setdefault(base, name)
            if begun := _ID.match(base):
                self._found.setdefault(begun[0], name)

    def find(self, place: str) -> str | None:
        """The file's name on the shelf; None where there is none."""
        return self._found.get(place) if place else None


@contextmanager
def shelf_at(path: Path) -> Iterator[Shelf]:
    """The files that an export consists of.

    Raises:
        ExchangeError: there is nothing, or nothing that can be read.
    """
    kind = kind_of(path)
    if kind == "folder":
        yield FolderShelf(path)
    elif kind == "file" and _is_zip(path):
        shelf = ZipShelf(path)
        try:
            yield shelf
        finally:
            shelf.close()
    elif kind == "file":
        yield FolderShelf(path.parent, path.name)
    elif kind == "nothing":
        raise ExchangeError(
            "{path}: there is no file or folder of this name. Nothing was imported; name what "
            "another program exported.",
            path=path,
        )
    else:
        raise refused(path, phrase("it is neither a file nor a folder"))


def _is_zip(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(2) == b"PK"


def _json(names: Iterable[str]) -> list[str]:
    return sorted(name for name in names if name.lower().endswith(".json"))


def _walk(folder: Path, *, deep: bool) -> Iterator[str]:
    """Names of plain files, as many as a zip file may list."""
    left = ENTRIES
    for place, folders, files in os.walk(folder):
        folders.sort()
        if not deep:
            folders.clear()
        for name in sorted(files):
            if not (Path(place) / name).is_symlink():
                yield (Path(place) / name).relative_to(folder).as_posix()
                left -= 1
        if left < 0:
            raise refused(folder, phrase("it lists more than {most} files", most=ENTRIES))
