"""Makes a bundle of a published checkpoint, part by part.

All is written beside the bundle's place and gets there by one rename. A part that is finished is
kept, and made again only if its sources or its files changed: after a kill the next run goes on
with the one that was under way.
"""

from __future__ import annotations

import errno
import os
import shutil
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from plugins.errors import KnownError
from runtime.bundle.bundle import read_manifest
from runtime.bundle.checks import files_in
from runtime.bundle.proofs import Proofs
from runtime.bundle.write import write_manifest
from runtime.composition.compose import bundle_folder, locked
from runtime.composition.names import checked
from training.importing.journal import Journal, fingerprint
from training.importing.manifest import manifest
from training.importing.plan import Part, Plan, check_room

_FEW = 1.0
"""Seconds before which nothing is said of the time that is left."""


@dataclass(frozen=True)
class Progress:
    """How far an import is."""

    title: str
    """Of the part under way."""
    done: int
    """Bytes."""
    total: int
    """Bytes that this run writes; those of parts that were done before are not among them."""
    left_s: float | None
    """Seconds until the end at the speed so far; None where nothing can be said yet."""
    kept: bool = False
    """True for a part that was done before."""


OnProgress = Callable[[Progress], None]
"""Told how far it is; may raise to stop."""


def work_folder(name: str) -> Path:
    """Where a bundle of this name is being made."""
    return bundle_folder(f".{name}.importing")


def run(plan: Plan, tell: OnProgress = lambda _: None) -> Path:
    """Make the bundle; returns its folder.

    Raises:
        KnownError: the name is taken, the disk has no room or refuses, or a source holds numbers
            that cannot be; what is finished is kept.
    """
    name = checked(plan.wishes.name)
    folder, work = bundle_folder(name), work_folder(name)
    try:
        with locked(name, folder):
            made = work / "bundle"
            made.mkdir(parents=True, exist_ok=True)
            _make_parts(plan, work, made, tell)
            return _finish(plan, made, folder)
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise KnownError(
                "{folder}: expected room for the import, found none left. Free some space and run "
                "it again; what is done by now is kept.",
                "disk",
                folder=folder.parent,
            ) from error
        raise


def forget(name: str) -> None:
    """Take away what an import that did not come to its end left."""
    shutil.rmtree(work_folder(name), ignore_errors=True)


def _make_parts(plan: Plan, work: Path, made: Path, tell: OnProgress) -> None:
    journal = Journal(work, made)
    sources = {part.name: fingerprint(part.sources, part.settings) for part in plan.parts}
    done = {part.name for part in plan.parts if journal.is_done(part.name, sources[part.name])}
    missing = [part for part in plan.parts if part.name not in done and part.only_for not in done]
    check_room(plan, made, plan.needed_bytes({part.name for part in missing}))
    meter = _Meter(sum(part.bytes for part in missing), tell)
    for part in plan.parts:
        if part.name in done:
            meter.keep(part)
        if part not in missing:
            continue
        for path in part.files:
            _remove(made / path)
        with meter.on(part):
            part.make(made, meter.add)
        journal.note(part.name, sources[part.name], _written(made, part))
        for other in plan.parts:
            if other.only_for == part.name:
                for path in other.files:
                    _remove(made / path)


def _written(made: Path, part: Part) -> list[str]:
    """Every file of a part, by path in the bundle."""
    found = []
    for path in part.files:
        if (made / path).is_dir():
            found += [f"{path}/{name}" for name in files_in(made / path)]
        else:
            found.append(path)
    return found


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def _finish(plan: Plan, made: Path, folder: Path) -> Path:
    """Write the manifest and put the bundle in its place."""
    wishes = plan.wishes
    wanted = {path for part in plan.parts for path in _written(made, part)}
    for path in set(files_in(made)) - wanted:
        _remove(made / path)  # Of an import with other wishes.
    write_manifest(
        made,
        manifest(
            wishes.name,
            plan.sizes,
            marks=plan.marks,
            spread=wishes.spread,
            quantized=wishes.quantize,
        ),
    )
    os.replace(made, folder)
    forget(wishes.name)
    proofs = Proofs()
    for path, file in read_manifest(folder).files.items():
        with suppress(OSError):
            proofs.note(folder / path, file.sha256)
    proofs.save()
    return folder


class _Meter:
    """Adds up what is written, and tells how long it will take."""

    def __init__(self, total: int, tell: OnProgress) -> None:
        self._total, self._tell = total, tell
        self._before = self._now = 0
        self._part: Part | None = None
        self._begun = time.monotonic()

    def keep(self, part: Part) -> None:
        """A part was done before."""
        self._tell(Progress(part.title, self._before, self._total, None, kept=True))

    def on(self, part: Part) -> _Meter:
        """A part is next."""
        self._part, self._now = part, 0
        return self

    def add(self, count: int) -> None:
        """So many more bytes of it are written."""
        part = self._part
        assert part is not None
        self._now = min(self._now + count, part.bytes)
        done, spent = self._before + self._now, time.monotonic() - self._begun
        left = spent / done * (self._total - done) if done and spent > _FEW else None
        self._tell(Progress(part.title, done, self._total, left))

    def __enter__(self) -> None:
        self.add(0)

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        assert self._part is not None
        if kind is None:
            self.add(self._part.bytes)
            self._before += self._part.bytes
