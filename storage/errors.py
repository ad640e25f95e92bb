"""The root of every error that the library raises on purpose. Knows nothing else.

Each text is one sentence or two: what was expected, what was found and what to do. They are shown
to the person as they are.
"""

from __future__ import annotations

from pathlib import Path


class LibraryError(Exception):
    """The library could not do what was asked. `str(error)` is one line, ready to be shown."""


class FileError(LibraryError):
    """Something about a library's file.

    Attributes:
        path: the file.
    """

    def __init__(self, path: Path, text: str) -> None:
        super().__init__(text)
        self.path = path


class NotALibraryError(FileError):
    """The file is no SQLite file, or that of another program."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            path,
            f"{path} is not a Medley library: expected a file that Medley made, found something "
            "else. It was left as it is; name another file.",
        )


class DamagedError(FileError):
    """The file is a library whose inside contradicts itself."""

    def __init__(self, path: Path, detail: str) -> None:
        super().__init__(
            path,
            f"{path} is damaged ({detail}). It was left as it is; save what can be read into a new "
            "file with `medley library check --repair NEW_FILE`, or go back to a backup.",
        )


class NewerError(FileError):
    """The file was written by a Medley that knows more than this one."""


class OlderError(FileError):
    """The file has a shape from before some step of today's."""

    def __init__(self, path: Path, step: str) -> None:
        super().__init__(
            path,
            f"{path} has an older shape (it lacks {step!r}). Open it in Medley, which makes a copy "
            "and brings it up to date, or import it into your library.",
        )
        self.step = step


class BusyError(FileError):
    """Another process holds the library."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            path,
            f"{path} is held by another program. Close the other Medley window, or wait until its "
            "command has ended, and try again.",
        )


class LocksError(FileError):
    """The disk refuses the locks by which programs share a file, as some network folders do."""

    def __init__(self, path: Path, detail: str) -> None:
        super().__init__(
            path,
            f"{path} lies where files cannot be locked ({detail}), as in some network folders. "
            "Keep the library on a disk of this computer: set XDG_DATA_HOME to a folder there, or "
            "name a file there with --library.",
        )


class NotWritableError(FileError):
    """The file or its folder cannot be opened or takes no writes."""

    def __init__(self, path: Path, detail: str) -> None:
        super().__init__(
            path,
            f"{path} cannot be opened or written ({detail}). Check that its folder is there and "
            "that you may read and write both, or name another file.",
        )


class FullError(FileError):
    """There is no room left for the file to grow. What was asked for was not written."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            path,
            f"there is no room left to write {path}. What was there stays as it was; free some "
            "space and try again.",
        )


class NotFoundError(LibraryError):
    """No such conversation, message, part or medium."""


class ExchangeError(LibraryError):
    """The source of an import or the target of an export is unusable. Nothing was changed."""
