"""A private folder through which both ends hand over what is too large for a frame.

Knows files and artifacts. The asking end makes the folder and removes it; a folder whose maker was
killed is removed by whoever makes the next one.
"""

from __future__ import annotations

import os
import re
import secrets
import shutil
import tempfile
from pathlib import Path

import msgspec

from plugins.errors import KnownError, Problem, phrase
from runtime.messages import ArtifactFailed, ArtifactReady, Event
from runtime.worker.protocol import TurnEvent, TurnId

INLINE_BYTES = 2**20
"""What is larger goes through the folder."""
_PREFIX = "medley-engine-"
_FILE_NAME = re.compile(r"[0-9a-f]{32}")


class FileTransfer:
    """The folder, from either end. Any thread."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.media = folder / "media"
        """For what the asking end keeps for the worker to read."""

    @classmethod
    def make(cls, parent: Path | None = None) -> FileTransfer:
        """A new folder that only this user can look into.

        `parent` None is the system's folder for temporary files.

        Raises:
            KnownError: it cannot be made.
        """
        try:
            parent = parent or Path(tempfile.gettempdir())
            parent.mkdir(parents=True, exist_ok=True)
            _remove_orphans(parent)
            made = cls(Path(tempfile.mkdtemp(prefix=f"{_PREFIX}{os.getpid()}-", dir=parent)))
            made.media.mkdir()
            return made
        except OSError as error:
            raise KnownError(
                "{parent}: expected a folder for temporary files that can be written to, "
                "found: {strerror}. Free some space, or set TMPDIR to another folder.",
                parent=parent,
                strerror=error.strerror,
            ) from error

    def pack(self, turn: TurnId, event: Event) -> TurnEvent:
        """The report of an event, the bytes of a large artifact put into the folder."""
        if not isinstance(event, ArtifactReady) or len(event.data) <= INLINE_BYTES:
            return TurnEvent(turn, event)
        try:
            name = self.put(event.data)
        except OSError as error:
            return TurnEvent(
                turn, not_handed(event, phrase("{error}. Free some space.", error=error.strerror))
            )
        return TurnEvent(turn, msgspec.structs.replace(event, data=b""), name)

    def unpack(self, report: TurnEvent) -> Event:
        """The event of a report, its bytes fetched when they came as a file."""
        event = report.event
        if not report.file or not isinstance(event, ArtifactReady):
            return event
        try:
            return msgspec.structs.replace(event, data=self.take(report.file))
        except OSError as error:
            return not_handed(event, phrase("{error}. Make it again.", error=error))

    def put(self, data: bytes) -> str:
        """Write a file; returns the name by which `take` finds it.

        Raises:
            OSError: it cannot be written; nothing is left of it.
        """
        path = self.folder / secrets.token_hex(16)
        try:
            path.write_bytes(data)
        except OSError:
            path.unlink(missing_ok=True)
            raise
        return path.name

    def take(self, name: str) -> bytes:
        """Read a file and remove it.

        Raises:
            OSError: there is no such file, or it cannot be read.
        """
        if not _FILE_NAME.fullmatch(name):
            raise FileNotFoundError(f"{name!r} is not a name of a file that was handed over")
        path = self.folder / name
        try:
            return path.read_bytes()
        finally:
            path.unlink(missing_ok=True)

    def remove(self) -> None:
        """Remove the folder and all that is in it; nothing happens when it is gone."""
        shutil.rmtree(self.folder, ignore_errors=True)


def not_handed(event: ArtifactReady, why: Problem) -> ArtifactFailed:
    """What becomes of an artifact whose bytes do not arrive."""
    problem = phrase("it was made but could not be handed over: {why}", why=why)
    return ArtifactFailed(event.index, event.modality, problem)


def _remove_orphans(parent: Path) -> None:
    """Folders of processes that were killed before they could remove them."""
    for path in parent.glob(f"{_PREFIX}*-*"):
        import psutil

        pid = path.name.removeprefix(_PREFIX).partition("-")[0]
        if pid.isdecimal() and not psutil.pid_exists(int(pid)):
            shutil.rmtree(path, ignore_errors=True)
