"""The engine of the worker: one at a time, opened anew where a command wants another bundle.

What is wrong with another bundle is found out, as far as that can be, while the former is still
open; where it cannot be loaded the former is opened again. Knows no pipe.
"""

from __future__ import annotations

import contextlib
import importlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import psutil

from plugins.errors import KnownError
from runtime.bundle.bundle import find_bundle, read_manifest
from runtime.bundle.checks import MANIFEST_FILE
from runtime.components.memories import LANGUAGE_MODEL
from runtime.engine import Engine
from runtime.opening import EngineOptions, open_engine
from runtime.worker.protocol import (
    Loading,
    Memory,
    Noticed,
    NotOpened,
    Open,
    Opening,
    Ready,
    Report,
    Working,
)

STEPS = ("bundle", "libraries", LANGUAGE_MODEL)
"""What opening loads, in order."""
_LIBRARIES = (
    "runtime.turn.turn",
    "runtime.components.load",
    "runtime.turn.conditions",
    "runtime.turn.imagebind_embedder",
)
"""Modules of the engine that bring the libraries it computes with."""
_Identity = tuple[Path, int, int]
"""A bundle's folder, and the inode and time of its manifest: another of the same name differs."""


@dataclass(frozen=True)
class _Opened:
    """An engine and how it was asked for."""

    engine: Engine
    options: EngineOptions
    identity: _Identity


class Engines:
    """The engine that is open. One thread."""

    def __init__(self, wish: Open, send: Callable[[Report], None]) -> None:
        """Opens the bundle of `wish` and loads its language model; every step is reported.

        Raises:
            KnownError: no such bundle or device, a broken bundle, or not enough memory.
        """
        self._send = send
        options = EngineOptions(
            wish.bundle,
            wish.device,
            wish.memory_budget,
            wish.threads,
            suspended_plugins=wish.suspended_plugins,
        )
        self._options = options
        self._now: _Opened | None = self._open(options)
        self._device = self._load(self.engine)
        self._ready()

    @property
    def engine(self) -> Engine:
        """The one that is open.

        Raises:
            KnownError: there is none, because neither another bundle nor the former could be
                opened.
        """
        if self._now is None:
            raise KnownError("no bundle is open. Choose one that can be opened.", "bundle")
        return self._now.engine

    def use(self, bundle: str, *, load: bool = True) -> Engine:
        """The engine of a bundle, given by name or folder; empty is the one that is open.

        `load` has its language model loaded with it, which is done in any case when it answers.

        Raises:
            KnownError: it cannot be opened. The former engine can be used still.
        """
        try:
            if bundle and not self._is_open(bundle):
                self._change(bundle, load)
        except KnownError as error:
            self._send(NotOpened(bundle, error.problem, former=self._now is not None))
            if self._now is not None:
                self._ready()
            raise
        return self.engine

    def memory(self) -> Memory:
        """How much memory is used."""
        process = psutil.Process().memory_info().rss
        if self._now is None:
            return Memory(process=process)
        memory = self._now.engine.memory
        used = sum(resident.size for resident in memory.residents())
        return Memory(used, memory.budget, process)

    def _is_open(self, bundle: str) -> bool:
        identity = _identity(find_bundle(bundle))
        return self._now is not None and self._now.identity == identity

    def _change(self, bundle: str, load: bool) -> None:
        manifest = read_manifest(find_bundle(bundle))
        self._send(Opening(manifest.name, manifest.title))
        opened = self._open(replace(self._options, bundle=bundle))
        former, self._now = self._now, None
        if former is not None:
            former.engine.close()
        try:
            if load:
                self._load(opened.engine)
        except KnownError:
            opened.engine.close()
            if former is not None:
                with contextlib.suppress(KnownError):
                    self._now = self._open(former.options)
            raise
        self._now = opened
        self._ready()

    def _open(self, options: EngineOptions) -> _Opened:
        self._send(Loading(STEPS[0], 1, len(STEPS)))
        engine = open_engine(
            options,
            on_load=self._on_load,
            on_work=self._on_work,
            on_notice=lambda notice: self._send(Noticed(notice)),
        )
        return _Opened(engine, options, _identity(engine.bundle.folder))

    def _load(self, engine: Engine) -> str:
        """Load its language model; the name of its device."""
        self._send(Loading(STEPS[1], 2, len(STEPS)))
        for module in _LIBRARIES:
            importlib.import_module(module)
        return engine.load()

    def _ready(self) -> None:
        about = self.engine.bundle
        title = about.manifest.title
        self._send(self.memory())
        ready = Ready(
            about.manifest.name,
            title,
            about.modalities,
            self._device,
            self._n_ctx(),
            self.engine.devices,
        )
        self._send(ready)

    def _n_ctx(self) -> int:
        loaded = any(one.key == LANGUAGE_MODEL for one in self.engine.memory.residents())
        return self.engine.n_ctx if loaded else 0

    def _on_load(self, part: str) -> None:
        number, of = (len(STEPS), len(STEPS)) if part == LANGUAGE_MODEL else (1, 1)
        self._send(Loading(part, number, of))

    def _on_work(self, what: str, plugin: str) -> None:
        self._send(Working(what, plugin))


def _identity(folder: Path) -> _Identity:
    """What tells a bundle from another, also from one that took its place.

    Raises:
        KnownError: it is gone.
    """
    try:
        found = (folder / MANIFEST_FILE).stat()
    except OSError as error:
        raise KnownError(
            "bundle {folder}: expected its manifest, found none any more. Choose another bundle.",
            "bundle",
            folder=folder,
        ) from error
    return folder.resolve(), found.st_ino, found.st_mtime_ns
