"""The root of every error that the library raises on purpose. Knows nothing else.

Each is one sentence or two: what was expected, what was found and what to do. They are kept as a
template with its arguments until they are shown, so that each language can say them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import ClassVar


@dataclass(frozen=True)
class Phrase:
    """A part of a sentence: a template with its arguments."""

    template: str
    arguments: dict[str, object] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.template.format_map(self.arguments) if self.arguments else self.template


def phrase(template: str, /, **arguments: object) -> Phrase:
    """A part of a sentence."""
    return Phrase(template, arguments)


class LibraryError(Exception):
    """The library could not do what was asked. `str(error)` is one line of English.

    Attributes:
        template: the sentence, with named places as `str.format` has them.
        arguments: what stands in these places.
        kind: what went wrong, for a program.
    """

    kind: ClassVar[str] = "library"

    def __init__(self, template: str, /, **arguments: object) -> None:
        """Without arguments the template is taken literally."""
        self.template, self.arguments = template, arguments
        super().__init__(template.format_map(arguments) if arguments else template)


class FileError(LibraryError):
    """Something about a library's file.

    Attributes:
        path: the file.
    """

    def __init__(self, path: Path, template: str, /, **arguments: object) -> None:
        super().__init__(template, **arguments)
        self.path = path


class NotALibraryError(FileError):
    """The file is no SQLite file, or that of another program."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            path,
            "{path} is not a Medley library: expected a file that Medley made, found something "
            "else. It was left as it is; name another file.",
            path=path,
        )


class DamagedError(FileError):
    """The file is a library whose inside contradicts itself."""

    def __init__(self, path: Path, detail: str | Phrase) -> None:
        super().__init__(
            path,
            "{path} is damaged ({detail}). It was left as it is; save what can be read into a new "
            "file with `medley library check --repair NEW_FILE`, or go back to a backup.",
            path=path,
            detail=detail,
        )


class NewerError(FileError):
    """The file was written by a Medley that knows more than this one."""


class OlderError(FileError):
    """The file has a shape from before some step of today's."""

    def __init__(self, path: Path, step: str) -> None:
        super().__init__(
            path,
            "{path} has an older shape (it lacks {step}). Open it in Medley, which makes a copy "
            "and brings it up to date, or import it into your library.",
            path=path,
            step=repr(step),
        )
        self.step = step


class BusyError(FileError):
    """Another process holds the library."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            path,
            "{path} is held by another program. Close the other Medley window, or wait until its "
            "command has ended, and try again.",
            path=path,
        )


class LocksError(FileError):
    """The disk refuses the locks by which programs share a file, as some network folders do."""

    def __init__(self, path: Path, detail: str) -> None:
        super().__init__(
            path,
            "{path} lies where files cannot be locked ({detail}), as in some network folders. "
            "Keep the library on a disk of this computer: set XDG_DATA_HOME to a folder there, or "
            "name a file there with --library.",
            path=path,
            detail=detail,
        )


class NotWritableError(FileError):
    """The file or its folder cannot be opened or takes no writes."""

    kind = "disk"

    def __init__(self, path: Path, detail: str) -> None:
        super().__init__(
            path,
            "{path} cannot be opened or written ({detail}). Check that its folder is there and "
            "that you may read and write both, or name another file.",
            path=path,
            detail=detail,
        )


class FullError(FileError):
    """There is no room left for the file to grow. What was asked for was not written."""

    kind = "disk"

    def __init__(self, path: Path) -> None:
        super().__init__(
            path,
            "there is no room left to write {path}. What was there stays as it was; free some "
            "space and try again.",
            path=path,
        )


class NotFoundError(LibraryError):
    """No such conversation, message, part or medium."""


class ExchangeError(LibraryError):
    """The source of an import or the target of an export is unusable. Nothing was changed."""
