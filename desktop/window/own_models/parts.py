"""The parts that bundles can be composed of: what there is for each, off the window's thread."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from plugins.errors import KnownError
from runtime.bundle.bundle import EMBEDDED, composed_folder, list_bundles, read_manifest
from runtime.bundle.manifest import Manifest
from runtime.catalogue import added, store
from runtime.catalogue.entry import Purpose

PARTS: Final = ("talk", "image", "audio", "video", "see", "hear", "speak")
_SPOKEN: Final[tuple[Purpose, ...]] = ("hear", "speak")


@dataclass(frozen=True)
class Option:
    """One thing that can be taken for a part."""

    value: str
    """As `runtime.composition.making` names it."""
    title: str


def options() -> dict[str, list[Option]]:
    """What there is for each part, by its name; what comes by itself and nothing are not in it."""
    found: dict[str, list[Option]] = {part: list(_added(part)) for part in PARTS}
    for installed in store.installed("talk"):
        found["talk"].insert(0, Option(installed.name, installed.entry.title))
    for purpose in _SPOKEN:
        spoken = (Option(one.name, one.entry.title) for one in store.installed(purpose))
        found[purpose] = _distinct([*spoken, *found[purpose]])
    for name, manifest in _bundles():
        if manifest.routing != "projected":
            found["talk"].append(Option(name, manifest.title))
        for modality in manifest.signals:
            if modality in found:
                found[modality].append(Option(name, manifest.title))
    return found


def _added(purpose: str) -> Iterator[Option]:
    return (Option(one.name, one.title) for one in added.added() if one.purpose == purpose)


def _bundles() -> Iterator[tuple[str, Manifest]]:
    """Bundles that came from elsewhere, whose parts can be taken for others."""
    for entry in list_bundles():
        if entry.name == EMBEDDED or composed_folder(entry.name) is not None:
            continue
        try:
            yield entry.name, read_manifest(entry.folder)
        except KnownError:
            continue


def _distinct(given: Iterable[Option]) -> list[Option]:
    return list({one.value: one for one in given}.values())
