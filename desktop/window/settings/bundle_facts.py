"""What the manifests of the bundles on this machine say, read off the window's thread."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from desktop.window.sentences import told
from plugins.errors import KnownError
from runtime.worker.protocol import Offered


@dataclass(frozen=True)
class BundleFacts:
    """One bundle that can be chosen."""

    name: str
    """By which it is chosen: a name, or its folder."""
    folder: Path
    bundle: str = ""
    """As its manifest calls it."""
    title: str = ""
    version: str = ""
    description: str = ""
    modalities: tuple[str, ...] = ()
    """What it answers in, `text` first."""
    routing: str = ""
    licences: tuple[str, ...] = ()
    bytes: int = 0
    n_ctx: int = 0
    """Positions of its context."""
    problem: str = ""
    """Why it cannot be used."""


def read_bundles(folders: Iterable[str]) -> tuple[BundleFacts, ...]:
    """Every bundle that can be named, and those that the person showed where they are."""
    from runtime.bundle.bundle import list_bundles

    found = {entry.name: entry.folder for entry in list_bundles()}
    found |= {folder: Path(folder) for folder in folders}
    return tuple(_read(name, folder) for name, folder in found.items())


def offered_bundles(offered: Offered) -> tuple[BundleFacts, ...]:
    """Those of another computer."""
    return tuple(
        BundleFacts(
            one.name,
            Path(),
            one.name,
            one.title,
            one.version,
            " ".join(filter(None, [one.description, one.limits])),
            one.modalities,
            n_ctx=one.n_ctx,
            problem="" if one.modalities else one.limits,
        )
        for one in offered.bundles
    )


def _read(name: str, folder: Path) -> BundleFacts:
    from runtime.bundle.bundle import read_manifest

    try:
        manifest = read_manifest(folder)
    except KnownError as error:
        return BundleFacts(name, folder, title=folder.name, problem=told(error))
    return BundleFacts(
        name,
        folder,
        manifest.name,
        manifest.title,
        manifest.version,
        " ".join(filter(None, [manifest.description, manifest.limits])),
        ("text", *manifest.signals),
        manifest.routing,
        tuple(sorted({licence.spdx for licence in manifest.licences})),
        sum(file.size for file in manifest.files.values()),
        manifest.language_model.n_ctx,
    )


def memory_bytes(folder: Path) -> int:
    """Bytes of memory that a turn of a bundle takes at most; 0 where its files cannot be read.

    Reading the head of a large language model takes half a second, once.
    """
    from runtime.bundle.bundle import Bundle, read_manifest
    from runtime.needs import bundle_needs

    try:
        return bundle_needs(Bundle(read_manifest(folder), folder)).largest_turn.ram
    except (KnownError, OSError):
        return 0
