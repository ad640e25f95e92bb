"""Which files of a bundle are links to files of the person, elsewhere on the disk.

A bundle that came from elsewhere could bring links to anything, so a link that leads out of a
bundle counts only where Medley itself made it. What it made is kept in the person's data folder,
outside of every bundle, so that no bundle can bring such a note with it. Knows files only.
"""

from __future__ import annotations

import contextlib
import os
import tempfile
import tomllib
from collections.abc import Mapping
from pathlib import Path

import msgspec
import platformdirs
import tomli_w


class _Note(msgspec.Struct, frozen=True):
    folder: str
    """Of the bundle."""
    links: dict[str, str]
    """What each link leads to, by path in the bundle."""


def notes_folder() -> Path:
    """Holds one note for each bundle with links."""
    return Path(platformdirs.user_data_dir("medley", appauthor=False)) / "links"


def is_own_link(folder: Path, path: str) -> bool:
    """True if Medley made this file of a bundle a link to where it leads now."""
    target = own_links(folder).get(path)
    return target is not None and os.path.realpath(folder / path) == os.path.realpath(target)


def own_links(folder: Path) -> dict[str, Path]:
    """What the links of a bundle that Medley made lead to, by path in the bundle."""
    try:
        note = msgspec.convert(tomllib.loads(_note(folder).read_text("utf-8")), _Note)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, msgspec.ValidationError):
        return {}
    if os.path.realpath(note.folder) != os.path.realpath(folder):
        return {}
    return {path: Path(target) for path, target in note.links.items()}


def note_links(folder: Path, links: Mapping[str, Path]) -> None:
    """Note which files of a bundle, by path in it, are links to where.

    Raises:
        OSError: the note cannot be written.
    """
    if not links:
        forget_links(folder)
        return
    notes_folder().mkdir(parents=True, exist_ok=True)
    note = _Note(str(folder), {path: str(target) for path, target in links.items()})
    with tempfile.NamedTemporaryFile(dir=notes_folder(), delete=False) as file:
        file.write(tomli_w.dumps(msgspec.to_builtins(note)).encode("utf-8"))
    os.replace(file.name, _note(folder))


def forget_links(folder: Path) -> None:
    """Forget what `note_links` noted of a bundle."""
    with contextlib.suppress(OSError):
        _note(folder).unlink()


def _note(folder: Path) -> Path:
    return notes_folder() / f"{folder.name}.toml"
