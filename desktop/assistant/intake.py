"""Takes files that a person gives into the library, looked at first. Knows the helper and storage.

Thread contract: any thread that may wait for the disk and the helper.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

from desktop.assistant.file_names import under_shown_name
from desktop.assistant.looker import Looker
from desktop.assistant.looks import RefusedFileError
from desktop.assistant.previews import Previews
from storage.library import Library
from storage.rows import Medium


class Intake:
    """The door for files."""

    def __init__(self, library: Library, looker: Looker, previews: Previews) -> None:
        self._library, self._looker, self._previews = library, looker, previews

    def file(self, path: Path) -> Medium:
        """Copy a file into the library, with what stands for it.

        Raises:
            KnownError: it is no picture, sound, clip or document, or broken (`RefusedFileError`).
            LibraryError: the library cannot grow.
        """
        with under_shown_name(path) as named:
            return self._file(named)

    def _file(self, path: Path) -> Medium:
        if path.is_dir():
            raise RefusedFileError(f"{path.name} is a folder. Give the files in it.", "folder")
        seen = self._looker.look(path)
        made = self._library.media.add_file(
            path,
            mime=seen.mime,
            modality=seen.modality,
            width=seen.width,
            height=seen.height,
            duration_s=seen.duration_s,
        )
        self._previews.keep(made.sha256, seen)
        return self._library.media.get(made.sha256)

    def picture(self, data: bytes) -> Medium:
        """Take in a picture that has no file, PNG bytes from a clipboard. Raises as `file`."""
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "pasted.png"
            path.write_bytes(data)
            return self.file(path)
