"""The decoders of a composed bundle: a person's own, those of another bundle, or Pocket's.

Knows diffusers folders by what was found in them; loads none.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import msgspec

from plugins import checkpoints
from plugins.errors import KnownError
from runtime.bundle.bundle import PACKAGED, read_manifest
from runtime.bundle.checks import MANIFEST_FILE
from runtime.bundle.manifest import Licence, Manifest, SignalSpec
from runtime.composition.compose import folder_files
from runtime.composition.recipe import recipe
from runtime.composition.talker import UNKNOWN
from runtime.local_models.found import DecoderFacts, FoundModel

POCKET = PACKAGED / "pocket"
KNOWN_WORDS = "known_words"
"""The setting of decoders that know few words."""
_VOCABULARY = "pocketworld"


@dataclass(frozen=True)
class DecoderPart:
    """What makes one modality of a bundle's answers."""

    modality: str
    title: str
    spec: SignalSpec
    licence: Licence
    files: Mapping[str, Path]
    """By path in the bundle."""

    @property
    def is_pockets(self) -> bool:
        """True if it knows Pocketworld alone."""
        return self.spec.settings.get(KNOWN_WORDS) == _VOCABULARY


def own_decoder(found: FoundModel) -> DecoderPart:
    """A person's own decoder, which knows every word; one that lies in a bundle as that has it.

    Args:
        found: a folder in diffusers' layout, or a decoder in one file.

    Raises:
        KnownError: it is none.
    """
    facts = found.facts
    if not isinstance(facts, DecoderFacts):
        raise KnownError(
            "{path}: expected a folder with a decoder (model_index.json), found something else. "
            "Choose the decoder's folder.",
            path=found.path,
        )
    around = _bundle_around(found.path)
    if around is not None:
        return bundle_decoder(*around)
    inside = f"decoders/{facts.modality}"
    if facts.checkpoint:
        parts = {**checkpoints.configuration(facts.checkpoint), checkpoints.FILE: found.path}
    else:
        parts = {file.relative_to(found.path).as_posix(): file for file in found.files}
    return DecoderPart(
        modality=facts.modality,
        title=found.title,
        spec=_spec(facts.modality, facts.renderer, facts.condition_shape),
        licence=Licence(inside, found.licence or UNKNOWN, str(found.path)),
        files={f"{inside}/{name}": file for name, file in parts.items()},
    )


def pocket_decoder(modality: str) -> DecoderPart:
    """Pocket's decoder of a modality, with the clip art that stands in for it.

    Raises:
        KnownError: Pocket makes nothing of that modality.
    """
    return bundle_decoder(POCKET, modality)


def bundle_decoder(folder: Path, modality: str) -> DecoderPart:
    """The decoder of a modality of a bundle, with its settings.

    Raises:
        KnownError: it makes nothing of that modality.
    """
    manifest = read_manifest(folder)
    signal = manifest.signals.get(modality)
    if signal is None:
        raise KnownError(
            "bundle {name} cannot answer in {modality}; it can in {modalities}. Choose "
            "among these.",
            "bundle",
            name=manifest.name,
            modality=repr(modality),
            modalities=", ".join(("text", *manifest.signals)),
        )
    inside = f"decoders/{modality}"
    spec = _spec(
        modality, signal.renderer, signal.condition_shape, inside if signal.decoder else ""
    )
    spec = msgspec.structs.replace(spec, settings=dict(signal.settings))
    if _is_pockets(folder, signal):
        spec = _with_pockets_words(spec, modality)
    elif signal.stand_ins or signal.offers:
        spec = msgspec.structs.replace(spec, stand_ins=signal.stand_ins, offers=signal.offers)
    return DecoderPart(
        modality=modality,
        title=manifest.title,
        spec=spec,
        licence=_licence(manifest, signal, inside),
        files=folder_files(folder / signal.decoder, inside) if signal.decoder else {},
    )


def _is_pockets(folder: Path, signal: SignalSpec) -> bool:
    if signal.settings.get(KNOWN_WORDS) == _VOCABULARY:
        return True
    return folder.resolve() == POCKET.resolve()


def _with_pockets_words(spec: SignalSpec, modality: str) -> SignalSpec:
    words = recipe().signals[modality]
    return msgspec.structs.replace(
        spec,
        settings={**spec.settings, KNOWN_WORDS: _VOCABULARY},
        stand_ins=words.stand_ins,
        offers=words.pocket,
    )


def _spec(
    modality: str, renderer: str, condition_shape: tuple[int, ...], decoder: str | None = None
) -> SignalSpec:
    words = recipe().signals.get(modality)
    if words is None:
        raise KnownError(
            "expected a decoder of {known}, found one of {modality}. Choose another.",
            known=", ".join(recipe().signals),
            modality=modality,
        )
    return SignalSpec(
        token_ids=(),
        renderer=renderer,
        decoder=f"decoders/{modality}" if decoder is None else decoder,
        condition_shape=condition_shape,
        caption_open=words.caption_open,
        caption_close=words.caption_close,
        offers=words.offers,
    )


def _licence(manifest: Manifest, signal: SignalSpec, inside: str) -> Licence:
    """The terms of a bundle's decoder: those of the part that holds it, else those of all."""
    for licence in manifest.licences:
        if signal.decoder and signal.decoder.startswith(licence.part):
            return Licence(inside, licence.spdx, licence.source)
    terms = {licence.spdx for licence in manifest.licences}
    return Licence(inside, terms.pop() if len(terms) == 1 else UNKNOWN, manifest.name)


def _bundle_around(folder: Path) -> tuple[Path, str] | None:
    """The bundle that a decoder's folder belongs to, and the modality that it makes there."""
    for above in folder.resolve().parents[:3]:
        if (above / MANIFEST_FILE).is_file():
            for modality, signal in read_manifest(above).signals.items():
                if signal.decoder and (above / signal.decoder).resolve() == folder.resolve():
                    return above, modality
    return None
