"""Takes out of the list what a person added or composed, and puts an added model back."""

from __future__ import annotations

from contextlib import suppress

from desktop.assistant.own_models.protocol import WITHOUT, Add
from plugins.errors import KnownError
from runtime.bundle.bundle import composed_folder, read_manifest
from runtime.bundle.links import note_of
from runtime.catalogue import added
from runtime.composition import compose
from runtime.composition.manifest import MMPROJ


def remove(name: str) -> Add | None:
    """Take away a bundle that was composed here, and the note of a model. Files of the person stay.

    Returns:
        How to have it again; None where that is not so simple.

    Raises:
        KnownError: the disk refuses.
    """
    model = added.find(name)
    again = None if model is None or model.is_copy else _again(model)
    if composed_folder(name) is not None:
        compose.remove(name)
    if model is not None:
        added.forget(name)
    return again


def _again(model: added.Added) -> Add:
    return Add(model.path, model.purpose, model.name, _eyes(model.name), model.title)


def _eyes(name: str) -> str:
    """What a bundle takes in pictures or sounds by, as `Add` has it."""
    folder = composed_folder(name)
    with suppress(KnownError):
        if folder is None or read_manifest(folder).media_embedder is None:
            return WITHOUT
        note = note_of(folder)
        return "" if note is None else note.links.get(MMPROJ, "")
    return WITHOUT
