"""The context of one call of a plugin's tool: what it may reach. Implements
`plugins.tool.ToolStage`; knows no tool."""

from __future__ import annotations

import contextlib
import json
import os
import unicodedata
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import platformdirs

from desktop.tools.source import Job
from plugins.errors import KnownError
from plugins.tool import Folder


class CallStage:
    """One call's stage. Threads: those of the call."""

    def __init__(self, job: Job) -> None:
        self._job = job
        self._folders = tuple(
            Folder(Path(os.path.realpath(one.path)), one.writable) for one in job.context.folders
        )

    @property
    def folders(self) -> tuple[Folder, ...]:
        """The granted folders, symbolic links resolved."""
        return self._folders

    @property
    def folder(self) -> Path:
        """The call's private folder."""
        return self._job.folder

    @property
    def language(self) -> str:
        """`en` or `zh`."""
        return self._job.context.language

    def resolve(self, path: str, *, write: bool = False) -> Path:
        """The file or folder that is meant; raises KnownError where it may not be reached."""
        if not path or "\0" in path:
            raise KnownError("expected the name of a file or a folder, found none. Give one.")
        if not self._folders:
            raise KnownError(
                "{path}: expected a folder that may be used, found none. Add a folder to this "
                "conversation first.",
                "request",
                path=path,
            )
        found = Path(os.path.realpath(self._folders[0].path / os.path.expanduser(path)))
        if self._granting(found) is not None:
            found = _as_written(found)
        granted = self._granting(found)
        if granted is None:
            raise KnownError(
                "{path}: it lies outside the folders that may be used: {folders}. Add its folder "
                "to this conversation first.",
                "request",
                path=path,
                folders=", ".join(str(folder.path) for folder in self._folders),
            )
        if _is_hidden(found, granted.path):
            raise KnownError(
                "{path}: hidden files and those of Medley itself are left alone. Use another one.",
                "request",
                path=path,
            )
        if write and not granted.writable:
            raise KnownError(
                "{path}: {folder} may be read, not changed. Allow changes in this folder first.",
                "request",
                path=path,
                folder=granted.path,
            )
        return found

    def service(self, name: str, arguments: Mapping[str, Any]) -> dict[str, Any]:
        """Have Medley itself do something."""
        found = json.loads(self._job.service(name, json.dumps(dict(arguments))) or "{}")
        if not isinstance(found, dict):
            raise KnownError(
                "{name}: expected an object, found something else.", "fault", name=name
            )
        return found

    def progress(self, step: int, of: int) -> None:
        """Report a finished step; raises Cancelled on a stop."""
        self._job.progress(step, of)

    def cancelled(self) -> bool:
        """True if the call must stop."""
        return self._job.cancelled()

    def _granting(self, path: Path) -> Folder | None:
        """The innermost granted folder that holds a path; the one that may be written before
        another of the same place."""
        holding = [folder for folder in self._folders if path.is_relative_to(folder.path)]
        return max(holding, key=lambda one: (len(one.path.parts), one.writable), default=None)


def _as_written(path: Path) -> Path:
    """A path with its last name as on the disk, where accents are put together otherwise."""
    if path.exists() or path.name.isascii():
        return path
    wanted = unicodedata.normalize("NFC", path.name)
    with contextlib.suppress(OSError):
        for name in os.listdir(path.parent):
            if unicodedata.normalize("NFC", name) == wanted:
                return Path(os.path.realpath(path.parent / name))
    return path


def _is_hidden(path: Path, root: Path) -> bool:
    """Whether a name below the granted folder begins with a dot, or the file is Medley's own."""
    if any(name.startswith(".") for name in path.relative_to(root).parts):
        return True
    return any(path.is_relative_to(own) for own in _own_folders() if not root.is_relative_to(own))


def _own_folders() -> tuple[Path, ...]:
    kinds = (
        platformdirs.user_data_dir,
        platformdirs.user_config_dir,
        platformdirs.user_cache_dir,
        platformdirs.user_state_dir,
    )
    return tuple(Path(os.path.realpath(kind("medley", appauthor=False))) for kind in kinds)
