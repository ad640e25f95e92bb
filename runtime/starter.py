"""Composes the starter's bundle: a language model of the catalogue with Pocket's small decoders.

What the bundle says of itself stands in `starter.toml`. Imports nothing heavy.
"""

from __future__ import annotations

import tomllib
from pathlib import Path

from plugins.errors import KnownError
from runtime.bundle.bundle import STARTER, read_manifest
from runtime.bundle.manifest import Licence
from runtime.catalogue import store
from runtime.catalogue.store import Installed
from runtime.composition import compose as composing
from runtime.composition.compose import Composition
from runtime.composition.decoder import POCKET, pocket_decoder
from runtime.composition.manifest import About, Parts, composition
from runtime.composition.talker import chatml_talker

_RECIPE = Path(__file__).with_name("starter.toml")
_DECODERS = "decoders"


def compose() -> Path | None:
    """Make the bundle `starter` follow the best model to talk with that is installed.

    Nothing happens where it is as it should be already. Without such a model the bundle is taken
    away.

    Returns:
        Its folder; None where there is no model to talk with.

    Raises:
        KnownError: it cannot be written, or the model's file is broken.
    """
    talker = store.find("talk")
    if talker is None:
        if composing.bundle_folder(STARTER).exists():
            composing.remove(STARTER)
        return None
    return composing.compose(_composition(talker), how="link or copy", replace=True)


def _composition(installed: Installed) -> Composition:
    """The bundle as it shall be."""
    pocket = read_manifest(POCKET)
    talker = chatml_talker(_gguf(installed), installed.entry.title)
    licences = (
        *(Licence(talker.spec.file, one.spdx, one.notice) for one in installed.entry.licences),
        *(Licence(_DECODERS, one.spdx, one.source) for one in pocket.licences),
    )
    about = tomllib.loads(_RECIPE.read_text("utf-8"))
    decoders = tuple(pocket_decoder(modality) for modality in pocket.signals)
    return composition(
        Parts(talker, decoders),
        About(**about | {"examples": tuple(about["examples"])}, licences=licences),
    )


def _gguf(talker: Installed) -> Path:
    found = [file.path for file in talker.entry.files if file.path.endswith(".gguf")]
    if len(found) != 1:
        raise KnownError(
            "model {talker}: expected one GGUF file among its files, found {found_count}. "
            "Fetch it again.",
            talker=talker.name,
            found_count=len(found),
        )
    return talker.folder / found[0]
