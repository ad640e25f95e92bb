"""The staging folder of a model: downloaded files survive a kill, complete ones are verified.

models/.partial/NAME/archives/   whole packages, each with the right hash
models/.partial/NAME/parts/      files that a hub has begun to send
models/.partial/NAME/scratch/    where programs download to; emptied at each start
models/.partial/NAME/files/      proved files; becomes models/NAME/ by one rename
"""

from __future__ import annotations

import contextlib
import errno
import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import tomli_w

from runtime.bundle.proofs import Proofs
from runtime.catalogue import store
from runtime.catalogue.entry import CatalogueFile, Entry, licences_folder
from runtime.catalogue.errors import FetchError

RESERVE_BYTES = 64 << 20
"""Left free on the disk."""


class Staging:
    """The files of one model that is not installed yet. Use it under `store.locked`."""

    def __init__(self, entry: Entry) -> None:
        """Open the folder, make it if need be, and keep what a killed download had finished."""
        self.entry = entry
        self.folder = store.partial_folder(entry.name)
        self.archives, self.parts = self.folder / "archives", self.folder / "parts"
        self.scratch, self.files = self.folder / "scratch", self.folder / "files"
        self._served_path = self.folder / "served.json"
        with explained(self.folder):
            for path in (self.archives, self.parts, self.scratch, self.files):
                path.mkdir(parents=True, exist_ok=True)
            self._served = self._read_served()
            self._archives_here = self._kept_archives()
            self._files_here = {file.path for file in entry.files if self._is_proved(file)}

    def missing(self) -> list[CatalogueFile]:
        """The files that are not yet proved, in the entry's order."""
        return [file for file in self.entry.files if file.path not in self._files_here]

    def has_archive(self, name: str) -> bool:
        """True if a package is here, complete and verified."""
        return name in self._archives_here

    def keep_archive(self, path: Path) -> bool:
        """Take a package that a program has downloaded, if it is whole and the right one."""
        try:
            if not self._is_archive(path):
                return False
            kept = self.archives / path.name
            with contextlib.suppress(FileNotFoundError):
                kept.unlink()
            try:
                os.link(path, kept)
            except OSError:
                path.replace(kept)  # A file system without links; the program may complain.
        except FileNotFoundError:
            return False  # The program moved it while we looked.
        self._archives_here.add(path.name)
        return True

    def accept(self, file: CatalogueFile, path: Path, digest: str, source: str) -> None:
        """Take a file that came, whose hash is known.

        Raises:
            FetchError: it is not the file that the catalogue means; it was deleted.
        """
        if path.stat().st_size != file.bytes or digest != file.sha256:
            path.unlink()
            raise other_bytes(f"{file.path} from {source}", file.sha256)
        target = self.files / file.path
        target.parent.mkdir(parents=True, exist_ok=True)
        path.replace(target)
        self._served[file.path] = source
        self._served_path.write_text(json.dumps(self._served), "utf-8")
        self._files_here.add(file.path)

    def new_scratch(self) -> Path:
        """An empty folder for one program."""
        return Path(tempfile.mkdtemp(dir=self.scratch))

    def check_room(self, needed: int) -> None:
        """Refuse what would not fit on the disk.

        Raises:
            FetchError: so many bytes and a reserve are not free.
        """
        free = shutil.disk_usage(self.folder).free
        if needed + RESERVE_BYTES > free:
            raise no_room(self.entry.name, needed + RESERVE_BYTES, free)

    def commit(self) -> None:
        """Make the model appear: licence and record, everything to the disk, one rename.

        Raises:
            FetchError: the disk refuses.
        """
        with explained(self.folder):
            (self.files / store.LICENCE_FILE).write_text(licence_text(self.entry), "utf-8")
            _drop_unlisted(self.files, {*(f.path for f in self.entry.files), store.LICENCE_FILE})
            record = msgspec.to_builtins(self._record())
            (self.files / store.RECORD_FILE).write_text(tomli_w.dumps(record), "utf-8")
            for path in self.files.rglob("*"):
                _to_disk(path)
            _to_disk(self.files)
            target = store.models_folder() / self.entry.name
            if target.exists():
                away = self.folder / "replaced"
                shutil.rmtree(away, ignore_errors=True)
                target.rename(away)
            self.files.rename(target)
            _to_disk(target.parent)
            self._note_proofs(target)
        shutil.rmtree(self.folder, ignore_errors=True)

    def _note_proofs(self, target: Path) -> None:
        """Whoever needs a hash of these files need not read them again."""
        proofs = Proofs()
        for file in self.entry.files:
            proofs.note(target / file.path, file.sha256)
        proofs.save()

    def _record(self) -> store.Record:
        files = {
            file.path: store.RecordedFile(
                file.bytes, file.sha256, self._served.get(file.path, "an earlier download")
            )
            for file in self.entry.files
        }
        when = datetime.now(UTC).isoformat(timespec="seconds")
        return store.Record(store.RECORD_FORMAT, self.entry.name, when, files)

    def _kept_archives(self) -> set[str]:
        """Whole packages of earlier runs, also of one that was killed before it could say so."""
        for path in store.files_under(self.scratch):
            expected = self.entry.archives.get(path.name)
            if expected is not None and path.stat().st_size == expected.bytes:
                path.replace(self.archives / path.name)
        shutil.rmtree(self.scratch)
        self.scratch.mkdir()
        kept = set()
        for path in list(self.archives.iterdir()):
            if self._is_archive(path):
                kept.add(path.name)
            else:
                path.unlink()
        return kept

    def _is_archive(self, path: Path) -> bool:
        expected = self.entry.archives.get(path.name)
        return (
            expected is not None
            and path.stat().st_size == expected.bytes
            and store.hash_of(path) == expected.sha256
        )

    def _is_proved(self, file: CatalogueFile) -> bool:
        path = self.files / file.path
        return path.is_file() and not store.file_problem(path, file)

    def _read_served(self) -> dict[str, str]:
        try:
            return msgspec.json.decode(self._served_path.read_bytes(), type=dict[str, str])
        except (OSError, msgspec.DecodeError):
            return {}


def licence_text(entry: Entry) -> str:
    """The notices and licences of an entry, as stored beside its files."""
    texts: dict[str, str] = {}
    notices = []
    for licence in entry.licences:
        notices.append(f"{licence.part}: {licence.notice}\nLicence: {licence.spdx}\n")
        texts[licence.text] = (licences_folder() / licence.text).read_text("utf-8")
    return "\n\n".join([f"{entry.title}\n\n" + "\n".join(notices), *texts.values()])


@contextmanager
def explained(folder: Path) -> Iterator[None]:
    """Turn what the disk says into a sentence.

    Raises:
        FetchError: for every OSError.
    """
    try:
        yield
    except OSError as error:
        raise from_os_error(folder, error) from error


def from_os_error(folder: Path, error: OSError) -> FetchError:
    """The sentence for what the disk said."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        return FetchError(
            "disk",
            "{folder}: expected room for the model, found a full disk ({strerror}). What "
            "came so far is kept; free some room, then fetch it again.",
            folder=folder,
            strerror=error.strerror,
        )
    return FetchError(
        "rights",
        "{folder}: expected a folder that can be written, found: {error}. Set its rights, or "
        "choose another place with XDG_DATA_HOME.",
        folder=folder,
        error=error,
    )


def no_room(name: str, needed: int, free: int) -> FetchError:
    """The sentence for a disk that is too small."""
    return FetchError(
        "disk",
        "model {name}: expected {needed:,.0f} MB free on the disk, found {free:,.0f} MB. "
        "Free some room, then fetch it again.",
        name=name,
        needed=needed / 1000000.0,
        free=free / 1000000.0,
    )


def other_bytes(what: str, expected: str) -> FetchError:
    """The sentence for a file whose hash is another."""
    return FetchError(
        "bytes",
        "{what}: expected the file with SHA-256 {expected}, found other bytes. They were "
        "deleted; fetch it again, or tell Medley's authors.",
        what=what,
        expected=expected,
    )


def _drop_unlisted(folder: Path, wanted: set[str]) -> None:
    for path in folder.rglob("*"):
        if path.is_file() and path.relative_to(folder).as_posix() not in wanted:
            path.unlink()


def _to_disk(path: Path) -> None:
    if os.name == "nt" and path.is_dir():
        return  # Windows opens no folders.
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
