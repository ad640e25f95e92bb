"""Puts a bundle together from files that are on this machine: links where the disk has them.

The one way in which Medley composes bundles, its own starter among them. A bundle is made beside
its place and gets there by one rename, so it is there as a whole or not at all. Imports nothing
heavy.
"""

from __future__ import annotations

import contextlib
import errno
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import msgspec

from plugins.errors import KnownError, listed
from runtime.bundle.bundle import SHOWN_PROBLEMS, BundleError, bundle_roots, read_manifest
from runtime.bundle.checks import PICKLES, file_problem, files_in
from runtime.bundle.links import forget_links, note_links
from runtime.bundle.manifest import FileSpec, Manifest
from runtime.bundle.proofs import Proofs
from runtime.bundle.write import save_manifest
from runtime.composition.linking import How, Placed, place, remove_tree

LOCKS = ".locks"
"""Beside the bundles: files by which processes keep out of each other's way."""
WAIT_S = 600.0
"""For another process that composes a bundle of the same name."""
_BEING_MADE = "~"
"""Behind the name of a bundle, in the name of the folder in which it is made."""


@dataclass(frozen=True)
class Composition:
    """A bundle as it shall be."""

    manifest: Manifest
    """Without its files; its name is that of the folder."""
    files: Mapping[str, Path]
    """Where each file comes from, by its path in the bundle."""


@dataclass(frozen=True)
class Progress:
    """How far a composition is."""

    done: int
    """Bytes."""
    total: int
    file: str
    """Which one is read now."""


Tell = Callable[[Progress], None]
"""Told how far it is; may raise to stop it."""


def bundle_folder(name: str) -> Path:
    """The folder of a composed bundle of this name."""
    return bundle_roots()[-1] / name


def compose(
    composition: Composition,
    *,
    how: How = "link",
    replace: bool = False,
    tell: Tell | None = None,
) -> Path:
    """Make a bundle. Nothing happens where one like that is there already.

    Args:
        composition: the bundle.
        how: whether files may be copied.
        replace: whether it may take the place of a bundle of its name.
        tell: how far it is.

    Returns:
        Its folder.

    Raises:
        KnownError: the name is taken, a file is gone or changes, or it cannot be written; then
            all is as it was.
    """
    name = composition.manifest.name
    folder = bundle_folder(name)
    if replace and is_composed(folder, composition):
        return folder
    with _in_sentences(name, folder), locked(name, folder):
        if folder.exists() and not replace:
            raise KnownError(
                "bundle {name}: expected a name that is free, found that {folder} is there "
                "already. Choose another name, or remove that one: `medley models remove {name}`.",
                name=name,
                folder=folder,
            )
        if not is_composed(folder, composition):
            _remove_leftovers(folder)
            _make(folder, composition, how, tell or (lambda _: None))
    return folder


def is_composed(folder: Path, composition: Composition) -> bool:
    """True if a bundle is there, has the settings of the composition, and holds today's files."""
    try:
        there = read_manifest(folder)
    except KnownError:
        return False
    if msgspec.structs.replace(there, files={}) != composition.manifest:
        return False
    if there.files.keys() != composition.files.keys():
        return False
    for path, source in composition.files.items():
        if file_problem(folder, path, there, None) is not None:
            return False
        with contextlib.suppress(OSError):
            if source.stat().st_size != there.files[path].size:
                return False
    return True


def remove(name: str) -> None:
    """Take a composed bundle away, and nothing of what it is composed of.

    Raises:
        KnownError: the disk refuses.
    """
    folder = bundle_folder(name)
    with _in_sentences(name, folder), locked(name, folder):
        if folder.exists():
            away = Path(tempfile.mkdtemp(prefix=f".{name}{_BEING_MADE}", dir=folder.parent))
            folder.rename(away / name)  # Out of the list at once.
        forget_links(folder)
        _remove_leftovers(folder)


def _make(folder: Path, composition: Composition, how: How, tell: Tell) -> None:
    made = Path(tempfile.mkdtemp(prefix=f".{folder.name}{_BEING_MADE}", dir=folder.parent))
    try:
        links = _fill(made, folder, composition, how, tell)
        note_links(folder, links)
        if folder.exists():
            folder.rename(made.with_name(f"{made.name}{_BEING_MADE}"))
        made.rename(folder)
        _note_places(folder)
    finally:
        _remove_leftovers(folder)


def _fill(
    made: Path, folder: Path, composition: Composition, how: How, tell: Tell
) -> dict[str, Path]:
    """Put all files and the manifest into a folder; the symbolic links among them."""
    proofs, links, files = Proofs(), dict[str, Path](), dict[str, FileSpec]()
    meter = _Meter(composition.files, how, tell)
    for path, source in composition.files.items():
        with _reading(folder.name, source):
            meter.begin(path)
            placed, files[path] = _put(source, made / path, how, proofs, meter)
            meter.end(path)
        if placed == "symbolic link":
            links[path] = source.resolve()
    save_manifest(made, msgspec.structs.replace(composition.manifest, files=files))
    proofs.save()
    return links


def _put(
    source: Path, target: Path, how: How, proofs: Proofs, meter: _Meter
) -> tuple[Placed, FileSpec]:
    """Put one file in its place, and make sure that what was hashed is what lies there."""
    if target.suffix.lower() in PICKLES:
        raise KnownError(
            "{source}: expected safetensors or GGUF, found a pickle, which can run code. Get the "
            "model as safetensors.",
            source=source,
        )
    before = source.stat()
    digest = proofs.sha256(source, meter.add)
    target.parent.mkdir(parents=True, exist_ok=True)
    placed = place(source, target, how, proofs, meter.add)
    after = target.stat()
    same = (after.st_size, after.st_mtime_ns) == (before.st_size, before.st_mtime_ns)
    if not same and (placed != "copy" or proofs.renew(target) != digest):
        raise KnownError(
            "{source}: expected a file that stays as it is, found that something writes it "
            "now. Wait until that is done, then try again.",
            source=source,
        )
    if placed != "symbolic link":
        proofs.note(target, digest)
    return placed, FileSpec(digest, after.st_size)


@contextmanager
def _reading(name: str, source: Path) -> Iterator[None]:
    """That a file of the person cannot be read, as a sentence."""
    try:
        yield
    except OSError as error:
        if error.filename is None or Path(error.filename).name != source.resolve().name:
            raise
        raise KnownError(
            "bundle {name}: expected the file {source}, found: {strerror}. Put it back, or choose "
            "another.",
            "bundle",
            name=name,
            source=source,
            strerror=error.strerror or error,
        ) from error


def _note_places(folder: Path) -> None:
    """Keep what was found out about files under the names that they have now."""
    proofs = Proofs()
    manifest = read_manifest(folder)
    for path, file in manifest.files.items():
        if not (folder / path).is_symlink():
            proofs.note(folder / path, file.sha256)
    proofs.save()


class _Meter:
    """Adds up the bytes of all files: each is read once, and once more where it is copied."""

    def __init__(self, files: Mapping[str, Path], how: How, tell: Tell) -> None:
        self._times = 2 if how == "copy" else 1
        self._sizes = {path: _size(source) * self._times for path, source in files.items()}
        self._total = sum(self._sizes.values())
        self._tell = tell
        self._before = self._now = 0
        self._path = ""

    def begin(self, path: str) -> None:
        """A file is next."""
        self._path, self._now = path, 0
        self.add(0)

    def add(self, count: int) -> None:
        """So many more bytes of it are done."""
        self._now = min(self._now + count, self._sizes[self._path])
        self._tell(Progress(self._before + self._now, self._total, self._path))

    def end(self, path: str) -> None:
        """All of it is done, also what needed no reading."""
        self._before += self._sizes[path]
        self._now = 0
        self._tell(Progress(self._before, self._total, path))


def _size(path: Path) -> int:
    return path.stat().st_size if path.is_file() else 0


def _remove_leftovers(folder: Path) -> None:
    """Take away what was being made, or removed, when its process ended; call it locked."""
    for left in folder.parent.glob(f".{folder.name}{_BEING_MADE}*"):
        with contextlib.suppress(OSError):
            remove_tree(left)


@contextmanager
def locked(name: str, folder: Path) -> Iterator[None]:
    """Keep every other process from what is done under a name to a folder, or to a note beside it.

    Args:
        name: of a bundle or a model.
        folder: of it; the lock lies beside it.

    Raises:
        KnownError: another process does that, and does not come to its end.
        OSError: the disk refuses.
    """
    from filelock import FileLock, Timeout

    locks = folder.parent / LOCKS
    locks.mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(locks / f"{name}.lock", timeout=WAIT_S):
            yield
    except Timeout as error:
        raise KnownError(
            "bundle {name}: expected to be the only one who composes it, found another Medley that "
            "does so now. Wait until that is done.",
            name=name,
        ) from error


@contextmanager
def _in_sentences(name: str, folder: Path) -> Iterator[None]:
    """What the disk refuses, as a sentence."""
    try:
        yield
    except BundleError as error:
        raise KnownError(
            "bundle {name}: expected parts that fit together, found: {problems}. Choose others.",
            "bundle",
            name=name,
            problems=listed(error.problems, SHOWN_PROBLEMS),
        ) from error
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise KnownError(
                "bundle {name}: expected room for it on the disk of {folder}, found none left. "
                "Free some space, then try again.",
                "disk",
                name=name,
                folder=folder.parent,
            ) from error
        raise KnownError(
            "bundle {name}: expected a folder that can be written at {folder}, found: "
            "{strerror}. Free some space, or correct its owner.",
            "disk",
            name=name,
            folder=folder,
            strerror=error.strerror or error,
        ) from error


def folder_files(folder: Path, inside: str) -> dict[str, Path]:
    """Every file below a folder, by its path in a bundle where the folder is `inside`."""
    return {f"{inside}/{path}": folder / path for path in sorted(files_in(folder))}
