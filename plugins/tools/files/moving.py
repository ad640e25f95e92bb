"""`move_file`, `make_folder` and `delete_file`; each can be undone."""

from __future__ import annotations

import os
import stat
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from plugins.api import Tool, ToolOutput, ToolPreview, ToolStage
from plugins.errors import KnownError
from plugins.printable import shown
from plugins.tools.files.kept import (
    CHANGES,
    KEPT_DAYS,
    Made,
    Moved,
    Written,
    keep,
    rename,
    state_of,
    take_back,
)
from plugins.tools.files.looking import size_text
from plugins.tools.files.places import Place, check_regular, name_of, opened_place, read_bytes


class _Undoable(Tool):
    version = "1"

    def undo(self, state: str, stage: ToolStage) -> str:
        """Take the change back."""
        return take_back(state, stage)


class MoveFile(_Undoable):
    """Renames or moves a file or a folder."""

    name = "move_file"

    def preview(self, arguments: Mapping[str, Any], stage: ToolStage) -> ToolPreview | None:
        """Both names in full."""
        source, target = _both(arguments, stage)
        return ToolPreview(f"{shown(source)}\n-> {shown(target)}")

    def call(self, arguments: Mapping[str, Any], stage: ToolStage) -> ToolOutput:
        """Nothing is replaced."""
        source, target = _both(arguments, stage)
        with (
            CHANGES,
            opened_place(source, stage) as at,
            opened_place(target, stage, make=True) as to,
        ):
            found = at.status()
            if found is None:
                raise KnownError(
                    "{path}: expected a file or folder, found none. Use list_folder to see what is "
                    "there.",
                    "request",
                    path=shown(source),
                )
            if not stat.S_ISDIR(found.st_mode):
                check_regular(found, at)
            _check_free(to)
            rename(at, to)
        change = Moved(str(source), str(target))
        return ToolOutput(
            f"{name_of(source, stage)} is now {name_of(target, stage)}.", undo=state_of(change)
        )


class MakeFolder(_Undoable):
    """Makes a folder."""

    name = "make_folder"

    def call(self, arguments: Mapping[str, Any], stage: ToolStage) -> ToolOutput:
        """Folders on the way to it are made too."""
        path = stage.resolve(str(arguments["path"]), write=True)
        with CHANGES, opened_place(path, stage, make=True) as place:
            found = place.status()
            if found is not None and stat.S_ISDIR(found.st_mode):
                return ToolOutput(f"{name_of(path, stage)} is there already.")
            _check_free(place)
            os.mkdir(place.name, dir_fd=place.fd)
        return ToolOutput(f"{name_of(path, stage)} was made.", undo=state_of(Made(str(path))))


class DeleteFile(_Undoable):
    """Removes a file; a copy is kept."""

    name = "delete_file"

    def preview(self, arguments: Mapping[str, Any], stage: ToolStage) -> ToolPreview | None:
        """The file in full, and how large it is."""
        path = stage.resolve(str(arguments["path"]), write=True)
        with opened_place(path, stage) as place:
            size = size_text(len(read_bytes(place)))
        return ToolPreview(f"{shown(path)}  {size}")

    def call(self, arguments: Mapping[str, Any], stage: ToolStage) -> ToolOutput:
        """The copy is on the disk before the file goes."""
        path = stage.resolve(str(arguments["path"]), write=True)
        with CHANGES, opened_place(path, stage) as place:
            data = read_bytes(place)
            found = place.status()
            mode = None if found is None else stat.S_IMODE(found.st_mode)
            kept = keep(data)
            os.unlink(place.name, dir_fd=place.fd)
            os.fsync(place.fd)
        return ToolOutput(
            f"{name_of(path, stage)} was deleted; a copy is kept for {KEPT_DAYS} days.",
            undo=state_of(Written(str(path), kept, None, mode)),
        )


def _both(arguments: Mapping[str, Any], stage: ToolStage) -> tuple[Path, Path]:
    """The old and the new path; a new one that is a folder means the same name in it."""
    source = stage.resolve(str(arguments["path"]), write=True)
    target = stage.resolve(str(arguments["to"]), write=True)
    if target.is_dir() and target != source:
        target = target / source.name
    if target.is_relative_to(source):
        raise KnownError(
            "{path}: expected another place for it, found the same. Give another one.",
            "request",
            path=shown(source),
        )
    return source, target


def _check_free(place: Place) -> None:
    if place.status() is not None:
        raise KnownError(
            "{path}: expected a free name, found something of this name. Choose another one.",
            "request",
            path=shown(place.path),
        )
