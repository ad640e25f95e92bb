"""The entries of the catalogue of models, as typed data. Opens no connection and no model.

An entry is one TOML file in `entries/`; a group, which names several of them, one in `groups/`.
"""

from __future__ import annotations

import difflib
import os
import tomllib
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path, PurePosixPath
from typing import Literal, TypeVar, get_args

import msgspec

from plugins.errors import KnownError, Problem, phrase

Purpose = Literal["talk", "hear", "notice", "see", "speak", "read"]
PURPOSES: tuple[Purpose, ...] = get_args(Purpose)
CATALOGUE_VARIABLE = "MEDLEY_CATALOGUE"
"""Names a folder that stands in for the catalogue that comes with Medley."""
MEMBER_MARK = "!"
"""Stands between an archive's file name and the path inside it."""


class Licence(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Under what terms some of an entry's files may be used."""

    part: str
    """The part that the licence covers, for example `weights`."""
    spdx: str
    text: str
    """Name of the file in `licences/` that holds the whole text."""
    notice: str
    """The maker and the origin; kept beside the installed files."""


class Hub(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind", tag="hub"):
    """One file of a Hugging Face repository."""

    repository: str
    revision: str
    """A commit, so that what it names cannot change."""
    file: str

    @property
    def label(self) -> str:
        """The source, in words for the user."""
        return f"Hugging Face, {self.repository}"


class WheelParts(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind", tag="wheel"
):
    """Files inside packages of the Python package index, joined in order."""

    parts: tuple[str, ...]
    """Each `NAME.whl!PATH`: a wheel of the entry's `archives`, and a file inside it."""

    @property
    def label(self) -> str:
        """The source, in words for the user."""
        first = distribution(archive_of(self.parts[0]))
        more = f" and {len(self.parts) - 1} more" if len(self.parts) > 1 else ""
        return f"Python package index, {first}{more}"


class NpmPart(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind", tag="npm"):
    """A file inside a package of the npm registry."""

    part: str
    """`NAME.tgz!PATH`: an archive of the entry's `archives`, and a file inside it."""

    @property
    def label(self) -> str:
        """The source, in words for the user."""
        return f"npm registry, {archive_of(self.part)}"


class LocalFile(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind", tag="file"
):
    """A file that is on this machine already."""

    path: str
    """Absolute, or relative to the folder of the catalogue's code."""

    @property
    def label(self) -> str:
        """The source, in words for the user."""
        return f"file {self.path}"


class Packaged(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind", tag="package"
):
    """A file inside an installed package that Medley depends on; it is used in place."""

    package: str
    file: str

    @property
    def label(self) -> str:
        """The source, in words for the user."""
        return f"installed package {self.package}"


Source = Hub | WheelParts | NpmPart | LocalFile | Packaged


class Archive(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A package file that carries data; never installed, never imported."""

    bytes: int
    sha256: str


class CatalogueFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One file of an installed model."""

    path: str
    """Inside the model's folder, with `/`."""
    bytes: int
    sha256: str
    sources: tuple[Source, ...]
    """The official place first, mirrors after it; all give the same bytes."""


class Entry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A model that can be had."""

    name: str
    purpose: Purpose
    title: str
    rank: int
    """The rank among models for the same purpose; the highest is used."""
    memory_bytes: int
    """Bytes of memory while it is in use."""
    languages: tuple[str, ...]
    """As BCP 47 has them; none where it knows nothing of languages."""
    licences: tuple[Licence, ...]
    files: tuple[CatalogueFile, ...]
    archives: dict[str, Archive] = {}
    """Every package that a file may come from, by file name."""

    @property
    def disk_bytes(self) -> int:
        """Bytes of its installed files."""
        return sum(file.bytes for file in self.files)

    @property
    def packaged(self) -> tuple[Packaged, ...]:
        """The folder of its files, if a package that Medley depends on brings all of them."""
        found = [source for file in self.files for source in file.sources[:1]]
        packaged = tuple(source for source in found if isinstance(source, Packaged))
        return packaged if len(packaged) == len(self.files) else ()


class Group(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Several entries under one name."""

    name: str
    title: str
    members: tuple[str, ...]
    free_memory_bytes: int = 0
    """The free memory that these members need; otherwise `otherwise` is used."""
    otherwise: str = ""


def archive_of(part: str) -> str:
    """`NAME.whl` of `NAME.whl!PATH`."""
    return part.partition(MEMBER_MARK)[0]


def member_of(part: str) -> str:
    """`PATH` of `NAME.whl!PATH`."""
    return part.partition(MEMBER_MARK)[2]


def distribution(wheel: str) -> str:
    """The package's name in a wheel's file name."""
    return wheel.split("-")[0]


def catalogue_folder() -> Path:
    """Holds `entries/`, `groups/` and `licences/`."""
    return Path(os.environ.get(CATALOGUE_VARIABLE) or Path(__file__).parent)


def licences_folder() -> Path:
    """Holds the texts that `Licence.text` names."""
    return catalogue_folder() / "licences"


def entries() -> dict[str, Entry]:
    """Every entry by name: by purpose, the best of each first.

    Raises:
        KnownError: a file of the catalogue is not what it should be.
    """
    return _entries(catalogue_folder())


def groups() -> dict[str, Group]:
    """Every group by name; as `entries`."""
    return _groups(catalogue_folder())


def named(name: str) -> Entry:
    """The entry of that name.

    Raises:
        KnownError: there is none; the nearest one is named.
    """
    if name in entries():
        return entries()[name]
    known = [*groups(), *entries()]
    raise KnownError(
        "no model {name} in the catalogue: known are {known}. {hint}",
        name=repr(name),
        known=", ".join(known),
        hint=nearest_hint(name, known),
    )


def nearest_hint(name: str, known: Iterable[str]) -> Problem:
    """What to do about a name that is not known: the one that was probably meant, if there is."""
    near = difflib.get_close_matches(name, known, n=1)
    return phrase("Did you mean {name}?", name=near[0]) if near else phrase("Name one of these.")


def chosen(names: tuple[str, ...], is_here: Callable[[str], bool], free_memory: int) -> list[Entry]:
    """The entries that names of entries and groups mean, each once.

    A group of which everything is here stays itself; else the free memory decides.

    Args:
        is_here: whether the entry of a name is installed.
        free_memory: in bytes.

    Raises:
        KnownError: a name is unknown.
    """
    found: dict[str, Entry] = {}
    for name in names:
        for member in _members(name, is_here, free_memory):
            found[member] = named(member)
    return list(found.values())


def _members(name: str, is_here: Callable[[str], bool], free_memory: int) -> tuple[str, ...]:
    group = groups().get(name)
    if group is None:
        return (name,)
    small = free_memory < group.free_memory_bytes
    if small and group.otherwise and not all(is_here(member) for member in group.members):
        return _members(group.otherwise, is_here, free_memory)
    return group.members


def entry_problem(entry: Entry) -> Problem | None:
    """The contradiction within an entry; empty if there is none."""
    if not entry.name or not entry.files or not entry.licences:
        return phrase("expected a name, files and licences")
    paths = [file.path for file in entry.files]
    if len(set(paths)) < len(paths):
        return phrase("a file is named twice")
    for file in entry.files:
        if problem := path_problem(file.path):
            return problem
        if not file.sources:
            return phrase("{path} has no source", path=file.path)
        for part in _parts(file):
            if archive_of(part) not in entry.archives or path_problem(member_of(part)):
                return phrase(
                    "{path}: {part} names no archive of the entry", path=file.path, part=part
                )
    for licence in entry.licences:
        if not (licences_folder() / licence.text).is_file():
            return phrase("no licence text {text}", text=licence.text)
    return None


def path_problem(path: str) -> Problem | None:
    """Why a path may not be used inside a model's folder; None where it may."""
    pure = PurePosixPath(path)
    plain = path == pure.as_posix() and not pure.is_absolute() and path not in ("", ".")
    if plain and ".." not in pure.parts and "\\" not in path and ":" not in path:
        return None
    return phrase("{path} leaves the model's folder", path=repr(path))


def _parts(file: CatalogueFile) -> list[str]:
    found: list[str] = []
    for source in file.sources:
        if isinstance(source, WheelParts):
            found += source.parts
        elif isinstance(source, NpmPart):
            found.append(source.part)
    return found


@cache
def _entries(folder: Path) -> dict[str, Entry]:
    found = [_read(path, Entry) for path in sorted(folder.glob("entries/*.toml"))]
    found.sort(key=lambda entry: (PURPOSES.index(entry.purpose), -entry.rank, entry.name))
    for entry in found:
        if problem := entry_problem(entry):
            raise _unfit(folder / "entries" / f"{entry.name}.toml", problem)
    return {entry.name: entry for entry in found}


@cache
def _groups(folder: Path) -> dict[str, Group]:
    found = [_read(path, Group) for path in sorted(folder.glob("groups/*.toml"))]
    return {group.name: group for group in found}


_T = TypeVar("_T", Entry, Group)


def _read(path: Path, kind: type[_T]) -> _T:
    try:
        return msgspec.convert(tomllib.loads(path.read_text("utf-8")), kind)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise _unfit(path, Problem(str(error))) from error


def _unfit(path: Path, problem: Problem) -> KnownError:
    return KnownError(
        "{path}: expected an entry of the catalogue, found: {problem}. Install Medley again, "
        "or correct the folder that {catalogue_variable} names.",
        path=path,
        problem=problem,
        catalogue_variable=CATALOGUE_VARIABLE,
    )
