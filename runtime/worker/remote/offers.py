"""What a machine has to answer with, told to another one. Reads manifests, no weights."""

from __future__ import annotations

from plugins.errors import KnownError
from runtime.bundle.bundle import AUTOMATIC, chosen_name, list_bundles, read_manifest
from runtime.bundle.manifest import Manifest
from runtime.worker.protocol import Offered, OfferedBundle


def offered() -> Offered:
    """The bundles of this machine; one that is broken has no modalities, and its limits say why."""
    found = []
    for entry in list_bundles():
        try:
            found.append(described(entry.name, read_manifest(entry.folder)))
        except KnownError as error:
            found.append(OfferedBundle(entry.name, entry.name, limits=str(error)))
    return Offered(tuple(found), chosen_name(AUTOMATIC))


def described(name: str, manifest: Manifest) -> OfferedBundle:
    """A bundle as its manifest has it; `name` is the one by which it is asked for."""
    return OfferedBundle(
        name,
        manifest.title,
        manifest.version,
        manifest.description,
        manifest.limits,
        manifest.examples,
        ("text", *manifest.signals),
        manifest.language_model.n_ctx,
    )
