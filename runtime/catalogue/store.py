"""The installed models and their folders. Opens no connection, imports nothing heavy.

`<user data>/models/NAME/` holds the files of one model, its licence and `model.toml`, the record
of what they are. The folder comes to be by one rename, when everything in it has been proved; what
is on its way lies in `models/.partial/NAME/` and is never listed.

    find("talk")            the best installed model to talk with, or None
    installed()             all of them, with those that a person added
    chosen("hear", name)    one of them by its name or folder, or else the best
    folder(name)            where the files of one are
    verify(name)            proves every file's hash
    remove(name)            takes one away
"""

from __future__ import annotations

import contextlib
import hashlib
import importlib.util
import os
import shutil
import tomllib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import msgspec
import platformdirs

from plugins.errors import KnownError, phrase
from runtime.catalogue.added import USES, Added, here
from runtime.catalogue.entry import CatalogueFile, Entry, Purpose, entries, named

RECORD_FILE = "model.toml"
LICENCE_FILE = "LICENCE.txt"
RECORD_FORMAT = 1
_ADDED_FOR: tuple[Purpose, ...] = ("hear", "speak")
"""Purposes for which models that a person added are used from their folders."""
PARTIAL = ".partial"
"""Beside the models: the folder of what is on its way."""


class RecordedFile(msgspec.Struct, frozen=True):
    """One file of an installed model, as it was proved when it came."""

    bytes: int
    sha256: str
    source: str
    """The source that served it, in words for the user."""


class Record(msgspec.Struct, frozen=True):
    """The contents of `model.toml`, which is written last."""

    format: int
    name: str
    installed: str
    """The time of installation, in ISO 8601."""
    files: dict[str, RecordedFile]


@dataclass(frozen=True)
class Installed:
    """A model that is here: every file has the size that was recorded."""

    entry: Entry
    folder: Path
    """Holds the files of `entry.files` under their paths."""
    sources: tuple[str, ...]
    """The sources of its files, in words for the user, each once."""
    is_current: bool = True
    """True if it is the version that today's catalogue describes."""

    @property
    def name(self) -> str:
        """Its name in the catalogue."""
        return self.entry.name

    @property
    def packaged(self) -> bool:
        """True if a package that Medley depends on brings it; then it cannot be removed."""
        return self.folder.parent != models_folder()


@dataclass(frozen=True)
class FileCheck:
    """The outcome of one file's check by `verify`."""

    path: str
    problem: str = ""
    """Empty where the file is as it should be."""


def models_folder() -> Path:
    """The folder of installed models, whether or not it exists."""
    return Path(platformdirs.user_data_dir("medley", appauthor=False)) / "models"


def partial_folder(name: str) -> Path:
    """The folder of the files of a model that is being downloaded."""
    return models_folder() / PARTIAL / name


def find(purpose: Purpose) -> Installed | None:
    """The best model that is installed for a purpose; None where there is none."""
    return next(iter(installed(purpose)), None)


def installed(purpose: Purpose | None = None) -> list[Installed]:
    """Every installed model, or those for one purpose, the best of each purpose first; models to
    hear and to speak with that a person added come last."""
    wanted = [entry for entry in entries().values() if purpose in (None, entry.purpose)]
    found = (look(entry) for entry in wanted)
    own = [_as_installed(one) for use in _ADDED_FOR if purpose in (None, use) for one in here(use)]
    return [*(one for one in found if one is not None), *own]


def chosen(purpose: Purpose, wished: str) -> Installed | None:
    """The model of a name, or of a folder, for a purpose; the best one where no other is wished or
    the wished one is not here; None where there is none at all."""
    found = installed(purpose)
    if wished and Path(wished).is_dir():
        return Installed(_entry(wished, purpose, Path(wished).name, 0), Path(wished), (wished,))
    return next((one for one in found if one.name == wished), None) or next(iter(found), None)


def wished(purpose: Purpose, name: str) -> Installed | None:
    """As `chosen`, for a name that somebody typed.

    Raises:
        KnownError: a model of that name is not here for the purpose.
    """
    found = chosen(purpose, name)
    known = [one.name for one in installed(purpose)]
    if name and not Path(name).is_dir() and name not in known:
        raise KnownError(
            "model {name}: expected one to {purpose} that is installed or was added, or a folder, "
            "found none of that name. There are: {known}.",
            name=repr(name),
            purpose=USES.get(purpose, purpose),
            known=", ".join(known) or phrase("none"),
        )
    return found


def look(entry: Entry) -> Installed | None:
    """One entry's installed model; None where it is not here or not whole."""
    folder = models_folder() / entry.name
    record = read_record(folder)
    if record is not None and not whole_problem(folder, record):
        sources = dict.fromkeys(file.source for file in record.files.values())
        return Installed(entry, folder, tuple(sources), _as_catalogued(entry, record))
    return _look_in_packages(entry)


def folder(name: str) -> Path:
    """The folder of an installed model.

    Raises:
        KnownError: no such model in the catalogue, or it is not installed.
    """
    return _needed(name).folder


def verify(name: str, tell: Callable[[FileCheck], None] | None = None) -> tuple[FileCheck, ...]:
    """Compare every file of an installed model with the hash in the catalogue.

    Args:
        tell: gets each file's outcome as soon as it is known.

    Raises:
        KnownError: no such model in the catalogue, or nothing of it is installed.
    """
    entry = named(name)
    folder = models_folder() / name
    here = look(entry)
    if here is not None:
        folder = here.folder
    elif not (folder / RECORD_FILE).is_file():
        raise _absent(name)
    found = []
    for file in entry.files:
        found.append(FileCheck(file.path, file_problem(folder / _inside(here, file), file)))
        if tell is not None:
            tell(found[-1])
    return tuple(found)


def remove(name: str) -> int:
    """Take a model and what is on its way of it off the disk; how many bytes became free.

    Raises:
        KnownError: nothing of it is here, a package brings it, or the disk refuses.
    """
    entry = named(name)
    folder, partial = models_folder() / name, partial_folder(name)
    there = [path for path in (folder, partial) if path.exists()]
    if not there:
        raise _packaged(name) if look(entry) is not None else _absent(name)
    with locked(name):
        size = sum(tree_bytes(path) for path in there)
        try:
            if folder.exists():
                # Out of the list by one rename, whatever happens to the rest of this function.
                partial.mkdir(parents=True, exist_ok=True)
                away = partial / "removed"
                shutil.rmtree(away, ignore_errors=True)
                folder.rename(away)
            shutil.rmtree(partial)
        except OSError as error:
            raise KnownError(
                "model {name}: expected to remove {folder}, found: {error}. Close what uses "
                "it, then remove it again.",
                name=name,
                folder=folder,
                error=error,
            ) from error
    return size


@contextmanager
def locked(name: str) -> Iterator[None]:
    """Keep every other process from installing or removing the model of this name.

    Raises:
        KnownError: another process does so now, or the folder cannot be written.
    """
    from filelock import FileLock, Timeout

    parent = models_folder() / PARTIAL
    try:
        parent.mkdir(parents=True, exist_ok=True)
        with FileLock(parent / f"{name}.lock", blocking=False):
            yield
    except Timeout as error:
        raise KnownError(
            "model {name}: expected to be the only one who changes it, found another Medley "
            "that downloads or removes it now. Wait until that is done.",
            name=name,
        ) from error
    except PermissionError as error:
        raise KnownError(
            "{parent}: expected a folder that can be written, found: {error}. Set its "
            "rights, or choose another place with XDG_DATA_HOME.",
            parent=parent,
            error=error,
        ) from error


def read_record(folder: Path) -> Record | None:
    """The contents of `model.toml` in a folder; None if there is no usable one."""
    try:
        data = tomllib.loads((folder / RECORD_FILE).read_text("utf-8"))
        record = msgspec.convert(data, Record)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, msgspec.ValidationError):
        return None
    return record if record.format == RECORD_FORMAT and record.files else None


def whole_problem(folder: Path, record: Record) -> str:
    """The recorded file that is missing or has another size; empty if there is none."""
    for path, file in record.files.items():
        try:
            size = (folder / path).stat().st_size
        except OSError:
            return f"{path} is missing"
        if size != file.bytes:
            return f"{path}: expected {file.bytes} bytes, found {size}"
    return ""


def file_problem(path: Path, file: CatalogueFile) -> str:
    """The difference between a file and its description in the catalogue; empty if there is
    none."""
    try:
        size = path.stat().st_size
        if size != file.bytes:
            return f"expected {file.bytes} bytes, found {size}"
        found = hash_of(path)
    except OSError as error:
        return f"expected a readable file, found: {error.strerror}"
    return "" if found == file.sha256 else f"expected SHA-256 {file.sha256}, found {found}"


def hash_of(path: Path) -> str:
    """A file's SHA-256, in hexadecimal digits."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def tree_bytes(path: Path) -> int:
    """Bytes of all files under a folder."""
    total = 0
    for file in files_under(path):
        with contextlib.suppress(FileNotFoundError):
            total += file.lstat().st_size
    return total


def files_under(folder: Path) -> Iterator[Path]:
    """Every file under a folder in which others may remove folders meanwhile."""
    for root, _, names in os.walk(folder):
        yield from (Path(root, name) for name in names)


def _as_installed(model: Added) -> Installed:
    """A model that a person added, with what is known of it."""
    purpose: Purpose = "hear" if model.purpose == "hear" else "speak"
    entry = _entry(model.name, purpose, model.title, model.bytes)
    return Installed(entry, Path(model.path), (f"added from {model.path}",))


def _entry(name: str, purpose: Purpose, title: str, size: int) -> Entry:
    return Entry(
        name=name,
        purpose=purpose,
        title=title,
        rank=0,
        memory_bytes=size,
        languages=(),
        licences=(),
        files=(),
    )


def _as_catalogued(entry: Entry, record: Record) -> bool:
    recorded = {path: file.sha256 for path, file in record.files.items()}
    return recorded == {file.path: file.sha256 for file in entry.files}


def _look_in_packages(entry: Entry) -> Installed | None:
    """A model that an installed package brings, without importing the package."""
    packaged = entry.packaged
    if not packaged or len({source.package for source in packaged}) != 1:
        return None
    spec = importlib.util.find_spec(packaged[0].package)
    if spec is None or spec.origin is None:
        return None
    root = Path(spec.origin).parent
    for source, file in zip(packaged, entry.files, strict=True):
        path = root / source.file
        if not path.is_file() or path.stat().st_size != file.bytes:
            return None
    return Installed(entry, (root / packaged[0].file).parent, (packaged[0].label,))


def _inside(here: Installed | None, file: CatalogueFile) -> str:
    return os.path.basename(file.path) if here is not None and here.packaged else file.path


def _needed(name: str) -> Installed:
    found = look(named(name))
    if found is None:
        raise _absent(name)
    return found


def _absent(name: str) -> KnownError:
    return KnownError(
        "model {name}: expected it to be installed, found nothing of it in {models_folder}. Fetch "
        "it under Settings, Models, or with `medley models get {name}`.",
        name=name,
        models_folder=models_folder(),
    )


def _packaged(name: str) -> KnownError:
    return KnownError(
        "model {name}: expected a model that was fetched, found that a package brings it "
        "with Medley. It goes when Medley is uninstalled.",
        name=name,
    )
