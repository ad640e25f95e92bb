"""The manifest of a composed bundle, from its parts. Knows no file but by its name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from plugins.errors import Problem
from runtime.bundle.manifest import (
    FORMAT,
    CallChoiceSpec,
    Licence,
    Manifest,
    MediaEmbedderSpec,
    SpeechSpec,
)
from runtime.composition.compose import Composition
from runtime.composition.decoder import DecoderPart
from runtime.composition.recipe import call_choice, media_choice, recipe
from runtime.composition.talker import UNKNOWN, Talker
from runtime.local_models.found import EmbedderFacts, FoundModel

MMPROJ = "mmproj.gguf"


@dataclass(frozen=True)
class Parts:
    """What a bundle is composed of."""

    talker: Talker
    decoders: tuple[DecoderPart, ...] = ()
    """One of each modality."""
    embedder: FoundModel | None = None
    """An mmproj that fits the talker."""
    speech: SpeechSpec | None = None
    notes: tuple[Problem, ...] = ()
    """How decoders get their conditions, where there was a choice; whole sentences."""


@dataclass(frozen=True)
class About:
    """What a bundle says of itself."""

    name: str
    title: str
    description: str = ""
    limits: str = ""
    examples: tuple[str, ...] = ()
    licences: tuple[Licence, ...] = field(default=())
    """In place of those that its parts state."""


def composition(parts: Parts, about: About) -> Composition:
    """A bundle of these parts."""
    signals = {part.modality: part.spec for part in parts.decoders}
    manifest = Manifest(
        format=FORMAT,
        name=about.name,
        title=about.title,
        description=about.description or _description(parts),
        version="1",
        routing="captioned",
        licences=about.licences or _licences(parts),
        language_model=parts.talker.spec,
        template=parts.talker.template,
        signals=signals,
        files={},
        media_embedder=_embedder(parts.embedder),
        media_choice=media_choice(parts.talker.pieces, signals),
        call_choice=_call_choice(parts.talker),
        speech=parts.speech,
        examples=about.examples or _examples(parts),
        limits=about.limits or _limits(parts),
    )
    return Composition(manifest, _files(parts))


def _call_choice(talker: Talker) -> CallChoiceSpec | None:
    return call_choice(talker.pieces, talker.template) if talker.is_small else None


def _files(parts: Parts) -> Mapping[str, Path]:
    files = dict(parts.talker.files)
    if parts.embedder is not None:
        files[MMPROJ] = parts.embedder.path
    for part in parts.decoders:
        files.update(part.files)
    return files


def _embedder(found: FoundModel | None) -> MediaEmbedderSpec | None:
    if found is None or not isinstance(found.facts, EmbedderFacts):
        return None
    sides = {"image": found.facts.has_vision, "audio": found.facts.has_audio}
    return MediaEmbedderSpec("mmproj", MMPROJ, tuple(one for one, has in sides.items() if has))


def _licences(parts: Parts) -> tuple[Licence, ...]:
    found = [parts.talker.licence]
    if parts.embedder is not None:
        found.append(Licence(MMPROJ, parts.embedder.licence or UNKNOWN, str(parts.embedder.path)))
    return (*found, *(part.licence for part in parts.decoders))


def _description(parts: Parts) -> str:
    makers = dict.fromkeys(part.title for part in parts.decoders)
    made = f" What it makes comes from {', '.join(makers)}." if makers else ""
    return f"{parts.talker.title}, composed on this computer.{made}"


def _examples(parts: Parts) -> tuple[str, ...]:
    words = recipe()
    made = [words.signals[part.modality].example for part in parts.decoders]
    return (words.example, *made, words.last_example)


def _limits(parts: Parts) -> str:
    words = recipe()
    pockets = any(part.is_pockets for part in parts.decoders)
    return f"{words.pocket_limits} {words.limits}" if pockets else words.limits
