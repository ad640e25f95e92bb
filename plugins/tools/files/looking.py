"""`list_folder` and `find_files`: what is there. Hidden files are left out."""

from __future__ import annotations

import fnmatch
import os
import stat
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from plugins.api import Tool, ToolOutput, ToolStage
from plugins.errors import Cancelled, KnownError
from plugins.printable import shown
from plugins.tools.files.places import MAX_BYTES, name_of, opened_folder

MOST_LISTED, MOST_FOUND, MOST_WALKED = 200, 50, 50_000
SEARCHED_BYTES = 2_000_000
"""Of a text that is searched for words; larger ones are left out."""
_STEP = 500
_FILE = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC


class ListFolder(Tool):
    """The names in a folder."""

    name = "list_folder"
    version = "1"

    def call(self, arguments: Mapping[str, Any], stage: ToolStage) -> ToolOutput:
        """One line per file or folder: name, size, day of its last change."""
        path = stage.resolve(arguments.get("path") or ".")
        with opened_folder(path, stage) as fd:
            names = sorted(name for name in os.listdir(fd) if not name.startswith("."))
            lines = [_line(name, fd) for name in names[:MOST_LISTED]]
        if not lines:
            return ToolOutput(f"{name_of(path, stage)} is empty.")
        more = len(names) - len(lines)
        rest = [f"and {more} more"] if more > 0 else []
        return ToolOutput("\n".join([f"{shown(path)}:", *lines, *rest]))


@dataclass(frozen=True)
class _Wish:
    pattern: str
    """In small letters; empty for any name."""
    words: tuple[str, ...]
    """Folded; all of them must be in the text."""

    def names(self, name: str) -> bool:
        """Whether a name fits."""
        name = name.casefold()
        if any(sign in self.pattern for sign in "*?["):
            return fnmatch.fnmatchcase(name, self.pattern)
        return self.pattern in name


class FindFiles(Tool):
    """Files by their names and by words in them."""

    name = "find_files"
    version = "1"

    def call(self, arguments: Mapping[str, Any], stage: ToolStage) -> ToolOutput:
        """One line per file, with the first line that holds one of the words."""
        wish = _Wish(
            str(arguments.get("name") or "").casefold().strip(),
            tuple(str(arguments.get("words") or "").casefold().split()),
        )
        if not wish.pattern and not wish.words:
            raise KnownError("expected a name or words to look for, found neither. Give one.")
        given = arguments.get("folder")
        folders = [stage.resolve(given)] if given else [one.path for one in stage.folders]
        if not folders:
            stage.resolve(".")  # It says that no folder may be used.
        found: list[str] = []
        for folder in folders:
            for line in _matches(folder, wish, stage):
                found.append(line)
                if len(found) == MOST_FOUND:
                    return ToolOutput("\n".join([*found, "and perhaps more"]))
        return ToolOutput("\n".join(found) or "No file was found.")


def _matches(folder: Path, wish: _Wish, stage: ToolStage) -> Iterator[str]:
    walked = 0
    with opened_folder(folder, stage) as top:
        for below, folders, files, fd in os.fwalk(".", dir_fd=top, follow_symlinks=False):
            folders[:] = sorted(name for name in folders if not name.startswith("."))
            names = sorted(name for name in files if not name.startswith("."))
            for name in names if wish.words else sorted([*names, *folders]):
                walked += 1
                if walked > MOST_WALKED:
                    return
                if walked % _STEP == 0:
                    stage.progress(walked, 0)
                if stage.cancelled():
                    raise Cancelled
                if not wish.names(name):
                    continue
                place = name_of(Path(os.path.normpath(folder / below / name)), stage)
                if not wish.words:
                    yield f"{place}/" if name in folders else place
                elif (line := _line_with(wish.words, name, fd)) is not None:
                    yield f"{place}: {line}"


def _line_with(words: tuple[str, ...], name: str, fd: int) -> str | None:
    """The first line with one of the words, where all of them are in the text."""
    try:
        opened = os.open(name, _FILE, dir_fd=fd)
    except OSError:
        return None
    with os.fdopen(opened, "rb") as file:
        found = os.fstat(file.fileno())
        if not stat.S_ISREG(found.st_mode) or found.st_nlink > 1:
            return None
        data = file.read(SEARCHED_BYTES + 1) if found.st_size <= SEARCHED_BYTES else b"\0"
    if b"\0" in data:
        return None
    text = data.decode("utf-8", "replace")
    folded = text.casefold()
    if not all(word in folded for word in words):
        return None
    lines = (line for line in text.splitlines() if any(w in line.casefold() for w in words))
    return next(lines, "").strip()[:160]


def _line(name: str, fd: int) -> str:
    try:
        found = os.stat(name, dir_fd=fd, follow_symlinks=False)
    except OSError:
        return shown(name)
    day = time.strftime("%Y-%m-%d", time.localtime(found.st_mtime))
    if stat.S_ISDIR(found.st_mode):
        return f"{shown(name)}/  {day}"
    if not stat.S_ISREG(found.st_mode):
        return f"{shown(name)}  (no regular file)"
    large = ", too large to read" if found.st_size > MAX_BYTES else ""
    return f"{shown(name)}  {size_text(found.st_size)}{large}  {day}"


def size_text(size: int) -> str:
    """A size as people read it: `12 KB`."""
    if size < 1000:
        return f"{size} B"
    for unit, of in (("KB", 1000), ("MB", 1000**2)):
        if size < of * 1000:
            return f"{size / of:.3g} {unit}" if size < of * 100 else f"{size // of} {unit}"
    return f"{size / 1000**3:.3g} GB"
