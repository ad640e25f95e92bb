"""Which bundles were composed here, and which of their files are links to files elsewhere.

A bundle that came from elsewhere could bring links to anything, so a link that leads out of a
bundle counts only where Medley itself made it. What it made is noted in the person's data folder,
outside of every bundle, so that no bundle can bring such a note with it. Knows files only.
"""

from __future__ import annotations

import contextlib
import os
import tomllib
from collections.abc import Mapping
from pathlib import Path

import msgspec
import platformdirs

from runtime.bundle.notes import write_note


class Note(msgspec.Struct, frozen=True):
    """What was noted of a composed bundle."""

    folder: str
    """Where it lies."""
    links: dict[str, str]
    """What each link leads to, by path in the bundle."""


def notes_folder() -> Path:
    """Holds one note for each bundle that was composed."""
    return Path(platformdirs.user_data_dir("medley", appauthor=False)) / "composed"


def note_of(folder: Path) -> Note | None:
    """What was noted of a bundle; None for one that was not composed here."""
    try:
        note = msgspec.convert(tomllib.loads(_file(folder).read_text("utf-8")), Note)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, msgspec.ValidationError):
        return None
    same = os.path.realpath(note.folder) == os.path.realpath(folder)
    return note if same else None


def is_own_link(folder: Path, path: str) -> bool:
    """True if Medley made this file of a bundle a link to where it leads now."""
    note = note_of(folder)
    target = None if note is None else note.links.get(path)
    return target is not None and os.path.realpath(folder / path) == os.path.realpath(target)


def gone_targets(folder: Path) -> list[Path]:
    """Files of the person that a bundle's links lead to, which are not there any more."""
    note = note_of(folder)
    targets = {} if note is None else note.links
    return [Path(target) for target in targets.values() if not os.path.isfile(target)]


def note_links(folder: Path, links: Mapping[str, Path]) -> None:
    """Note that a bundle was composed, and which of its files, by path in it, are links to where.

    Raises:
        OSError: the note cannot be written.
    """
    note = Note(str(folder), {path: str(target) for path, target in links.items()})
    write_note(_file(folder), note)


def forget_links(folder: Path) -> None:
    """Forget what was noted of a bundle."""
    with contextlib.suppress(OSError):
        _file(folder).unlink()


def _file(folder: Path) -> Path:
    return notes_folder() / f"{folder.name}.toml"
