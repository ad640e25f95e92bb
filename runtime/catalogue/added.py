"""The models that a person added: files of their own, used where they lie. Opens no connection.

`<user data>/added/NAME.toml` says of each model where its files are and what they were when it was
added. The files stay the person's: nothing here writes or removes them. A copy that was asked for
lies beside its note, in `added/NAME/`.

    added()                 all of them
    find(name)              one of them, or None
    note(model)             adds one
    forget(name)            takes one out of the list
"""

from __future__ import annotations

import contextlib
import os
import shutil
import tomllib
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import platformdirs

from plugins.errors import KnownError, Problem, phrase
from runtime.bundle.notes import new_note, write_note
from runtime.bundle.proofs import Proofs
from runtime.local_models.found import FoundModel, Kind, Purpose

FORMAT = 1
USES: dict[str, Problem] = {
    "talk": phrase("talk"),
    "take in": phrase("take in pictures or sounds"),
    "image": phrase("make pictures"),
    "audio": phrase("make sounds"),
    "video": phrase("make clips"),
    "hear": phrase("hear speech"),
    "speak": phrase("speak"),
}
"""What a model does, by its purpose; behind "to"."""


class AddedFile(msgspec.Struct, frozen=True):
    """One file, as it was when it was added."""

    bytes: int
    sha256: str


class Added(msgspec.Struct, frozen=True):
    """A model that a person added."""

    format: int
    name: str
    kind: Kind
    purpose: Purpose
    title: str
    licence: str
    """Empty where the files do not say."""
    added: str
    """When, in ISO 8601."""
    path: str
    """The file, the first of several files, or the folder; absolute."""
    files: dict[str, AddedFile]
    """By absolute path."""

    @property
    def bytes(self) -> int:
        """Of all files."""
        return sum(file.bytes for file in self.files.values())

    @property
    def is_copy(self) -> bool:
        """True if its files are a copy that Medley made."""
        own = (added_folder(), added_folder().with_name("bundles") / self.name)
        return any(Path(self.path).is_relative_to(folder) for folder in own)


def added_folder() -> Path:
    """The folder of the notes, whether or not it exists."""
    return Path(platformdirs.user_data_dir("medley", appauthor=False)) / "added"


def added() -> list[Added]:
    """Every model that was added, by name; what cannot be read is left out."""
    found = (_read(path) for path in sorted(added_folder().glob("*.toml")))
    return [one for one in found if one is not None]


def find(name: str) -> Added | None:
    """The added model of this name; None where there is none."""
    return next((one for one in added() if one.name == name), None)


def here(purpose: str) -> list[Added]:
    """The models for a purpose whose files are what they were, by name."""
    return [one for one in added() if one.purpose == purpose and problem(one) is None]


def problem(model: Added) -> Problem | None:
    """What became of a model's files, by their sizes; None where they are as they were."""
    for path, file in model.files.items():
        try:
            size = os.stat(path).st_size
        except OSError:
            return phrase("{path} is gone", path=path)
        if size != file.bytes:
            return phrase(
                "{path} has {size} bytes, expected {expected}",
                path=path,
                size=size,
                expected=file.bytes,
            )
    return None


def verify(model: Added, tell: Callable[[str, Problem | None], None]) -> bool:
    """Compare every file with what it was when it was added; True if nothing changed.

    Args:
        model: an added one.
        tell: gets each file's path and what is wrong with it, as soon as that is known.
    """
    proofs, sound = Proofs(), True
    for path, file in model.files.items():
        wrong = _file_problem(proofs, Path(path), file)
        tell(path, wrong)
        sound = sound and wrong is None
    proofs.save()
    return sound


def note(
    name: str, found: FoundModel, path: Path, files: dict[Path, AddedFile] | None = None
) -> Added:
    """Add a model to the list.

    Args:
        name: of its own.
        found: what it is.
        path: where it is used: the file, the first of several, or the folder.
        files: all of it; by default those that were found, which are hashed.

    Raises:
        OSError: a file cannot be read, or the note not be written.
    """
    model = Added(
        format=FORMAT,
        name=name,
        kind=found.kind,
        purpose=found.purpose,
        title=found.title,
        licence=found.licence,
        added=datetime.now(UTC).isoformat(timespec="seconds"),
        path=str(path.absolute()),
        files={str(file.absolute()): one for file, one in (files or hashed(found.files)).items()},
    )
    write_note(_note(name), model)
    return model


def hashed(
    files: tuple[Path, ...], tell: Callable[[int], None] | None = None
) -> dict[Path, AddedFile]:
    """Sizes and hashes of files, which are read only where that is not known.

    Args:
        files: those.
        tell: gets the bytes of each piece that is read, and may raise to stop.

    Raises:
        OSError: one cannot be read.
    """
    proofs = Proofs()
    found = {file: AddedFile(file.stat().st_size, proofs.sha256(file, tell)) for file in files}
    proofs.save()
    return found


def forget(name: str) -> None:
    """Take a model out of the list, with the copy where Medley made one; nothing happens where it
    is not in it.

    Raises:
        KnownError: the disk refuses.
    """
    try:
        with contextlib.suppress(FileNotFoundError):
            _note(name).unlink()
        new_note(_note(name)).unlink(missing_ok=True)
        copy = added_folder() / name
        if copy.is_dir() and not copy.is_symlink():
            shutil.rmtree(copy)
    except OSError as error:
        raise KnownError(
            "model {name}: expected to take it out of the list in {folder}, found: {error}. "
            "Correct the owner of the folder, then try again.",
            "disk",
            name=name,
            folder=added_folder(),
            error=error.strerror or error,
        ) from error


def _note(name: str) -> Path:
    return added_folder() / f"{name}.toml"


def _read(path: Path) -> Added | None:
    try:
        found = msgspec.convert(tomllib.loads(path.read_text("utf-8")), Added)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, msgspec.ValidationError):
        return None
    fits = found.format == FORMAT and found.name == path.stem and found.files
    return found if fits else None


def _file_problem(proofs: Proofs, path: Path, file: AddedFile) -> Problem | None:
    try:
        if (size := path.stat().st_size) != file.bytes:
            return phrase("expected {expected} bytes, found {size}", expected=file.bytes, size=size)
        found = proofs.renew(path)
    except OSError as error:
        return phrase("expected a readable file, found: {reason}", reason=error.strerror or error)
    if found == file.sha256:
        return None
    return phrase(
        "expected SHA-256 {expected}..., found {found}...",
        expected=file.sha256[:12],
        found=found[:12],
    )
