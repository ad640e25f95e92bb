"""Takes files that a person gives into the library, looked at first. Knows the helper and storage.

A file is opened once and hashed once, while it is copied: the private copy is looked at and taken
in, whatever becomes of the file.

Thread contract: any thread that may wait for the disk and the helper.
"""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from desktop.assistant.media_probe.client import MediaProbe
from desktop.assistant.media_probe.protocol import RefusedFileError
from desktop.assistant.previews import Previews
from desktop.file_names import under_readable_name
from plugins.errors import KnownError
from plugins.regular_files import open_regular
from storage.library import Library
from storage.records import Medium

INCOMING_FOLDER = "incoming"
"""Beside the library: copies of files while they are looked at."""
_PIECE = 1 << 20


class MediaImport:
    """The door for files."""

    def __init__(self, library: Library, media_probe: MediaProbe, previews: Previews) -> None:
        self._library, self._looker, self._previews = library, media_probe, previews
        self._folder = library.path.with_name(INCOMING_FOLDER)
        shutil.rmtree(self._folder, ignore_errors=True)  # What an earlier kill left there.

    def file(self, path: Path) -> Medium:
        """Copy a file into the library, with what stands for it.

        Raises:
            KnownError: it is no picture, sound, clip or document, or broken (`RefusedFileError`).
            LibraryError: the library cannot grow.
        """
        with under_readable_name(path) as named:
            return self._file(named)

    def _file(self, path: Path) -> Medium:
        if path.is_dir():
            raise RefusedFileError(
                "{path} is a folder. Give the files in it.", "folder", path=path.name
            )
        with self._copied(path) as (copy, sha256):
            return self._taken(copy, sha256)

    def picture(self, data: bytes) -> Medium:
        """Take in a picture that has no file, PNG bytes from a clipboard. Raises as `file`."""
        with self._private("pasted.png") as path:
            path.write_bytes(data)
            return self._taken(path, hashlib.sha256(data).hexdigest())

    def _taken(self, path: Path, sha256: str) -> Medium:
        seen = self._looker.look(path)
        made = self._library.media.add_file(
            path,
            mime=seen.mime,
            modality=seen.modality,
            width=seen.width,
            height=seen.height,
            duration_s=seen.duration_s,
            sha256=sha256,
        )
        self._previews.keep(made.sha256, seen)
        return self._library.media.get(made.sha256)

    @contextmanager
    def _copied(self, path: Path) -> Iterator[tuple[Path, str]]:
        try:
            source = open_regular(path)
        except (OSError, ValueError):
            self._looker.look(path)  # It says what keeps a file from being opened.
            raise RefusedFileError(
                "{path}: expected a file that stays as it is, found one that changes. Give "
                "it again.",
                "denied",
                path=path.name,
            ) from None
        with source, self._private(path.name) as copy:
            digest = hashlib.sha256()
            with copy.open("wb") as target:
                while piece := source.read(_PIECE):
                    digest.update(piece)
                    target.write(piece)
            yield copy, digest.hexdigest()

    @contextmanager
    def _private(self, name: str) -> Iterator[Path]:
        """A path of this name in a folder of its own that nobody else may read."""
        try:
            self._folder.mkdir(mode=0o700, exist_ok=True)
            with tempfile.TemporaryDirectory(dir=self._folder) as folder:
                yield Path(folder) / name
        except OSError as error:
            raise KnownError(
                "{name}: expected to copy it into {folder}, found: {strerror}. Free some "
                "room there, or check that the file can be read.",
                name=name,
                folder=self._folder,
                strerror=error.strerror,
            ) from error
