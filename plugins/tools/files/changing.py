"""`write_file` and `edit_file`: a diff before, a copy kept, the file replaced whole, undo."""

from __future__ import annotations

import stat
from abc import abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from plugins.api import Tool, ToolOutput, ToolPreview, ToolStage
from plugins.errors import KnownError
from plugins.printable import shown
from plugins.tools.files.atomic import write_at
from plugins.tools.files.difference import unified_diff
from plugins.tools.files.kept import CHANGES, Written, digest, keep, state_of, take_back
from plugins.tools.files.places import (
    MAX_BYTES,
    Place,
    check_regular,
    name_of,
    opened_place,
    read_bytes,
)


@dataclass(frozen=True)
class _File:
    """What a file holds now."""

    data: bytes | None
    """None where there is none."""
    mode: int | None

    @property
    def text(self) -> str:
        """Its text; what is no UTF-8 becomes signs for it."""
        return (self.data or b"").decode("utf-8", "replace")


class _Change(Tool):
    """A tool that gives one file another text."""

    version = "1"
    done: str

    def preview(self, arguments: Mapping[str, Any], stage: ToolStage) -> ToolPreview | None:
        """The difference that the change would make."""
        path = stage.resolve(str(arguments["path"]), write=True)
        before = _File(None, None)
        if path.parent.is_dir():
            with opened_place(path, stage) as place:
                before = _now(place)
        after = self.after(before, path, arguments)
        return ToolPreview(
            unified_diff(before.text, after.decode("utf-8"), name_of(path, stage)), "diff"
        )

    def call(self, arguments: Mapping[str, Any], stage: ToolStage) -> ToolOutput:
        """Keep a copy, then replace the file."""
        path = stage.resolve(str(arguments["path"]), write=True)
        with CHANGES, opened_place(path, stage, make=True) as place:
            before = _now(place)
            after = self.after(before, path, arguments)
            kept = None if before.data is None else keep(before.data)
            write_at(place.fd, place.name, after, before.mode)
        change = Written(str(path), kept, digest(after), before.mode)
        return ToolOutput(f"{name_of(path, stage)} {self.done}", undo=state_of(change))

    def undo(self, state: str, stage: ToolStage) -> str:
        """Put back what the file held."""
        return take_back(state, stage)

    @abstractmethod
    def after(self, before: _File, path: Path, arguments: Mapping[str, Any]) -> bytes:
        """The file's new bytes, UTF-8. Raises KnownError where the change does not fit."""


class WriteFile(_Change):
    """Writes a whole file."""

    name = "write_file"
    done = "was written."

    def after(self, before: _File, path: Path, arguments: Mapping[str, Any]) -> bytes:
        """The text that was given."""
        return _encoded(str(arguments["text"]), path)


class EditFile(_Change):
    """Replaces one passage of a file."""

    name = "edit_file"
    done = "was changed."

    def after(self, before: _File, path: Path, arguments: Mapping[str, Any]) -> bytes:
        """The file with the passage replaced, the ends of its lines as they were."""
        if before.data is None:
            raise KnownError(
                "{path}: expected a file to change, found none. Use write_file to make one.",
                "request",
                path=shown(path),
            )
        text = _text(before.data, path)
        old, new = str(arguments["old"]), str(arguments["new"])
        if "\r\n" in text and old not in text:
            old, new = (one.replace("\r\n", "\n").replace("\n", "\r\n") for one in (old, new))
        count = text.count(old) if old else 0
        if count != 1:
            raise KnownError(
                "{path}: expected the old text once, found it {count} times. Give it exactly as in "
                "the file, with enough around it to be found once.",
                "request",
                path=shown(path),
                count=count,
            )
        return _encoded(text.replace(old, new), path)


def _now(place: Place) -> _File:
    found = place.status()
    if found is None:
        return _File(None, None)
    check_regular(found, place)
    return _File(read_bytes(place), stat.S_IMODE(found.st_mode))


def _text(data: bytes, path: Path) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise KnownError(
            "{path}: expected a text in UTF-8, found something else. Only such texts are changed.",
            "request",
            path=shown(path),
        ) from error


def _encoded(text: str, path: Path) -> bytes:
    data = text.encode("utf-8", "replace")
    if len(data) > MAX_BYTES:
        raise KnownError(
            "{path}: expected at most {most} MB to write, found more. Write less.",
            "request",
            path=shown(path),
            most=MAX_BYTES // 1_000_000,
        )
    return data
