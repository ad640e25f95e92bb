"""The plan of a run: its components, joined by signal tokens and sizes, and what will be written.

Knows every part by its description; trains nothing.

Legend: N signal tokens, D language model width, E encoder width, K positions of a medium.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec

from plugins.errors import KnownError
from runtime.bundle.bundle import Bundle
from runtime.bundle.manifest import InputProjectionSpec, SignalSpec, TemplateSpec
from runtime.language_model.gguf_check import GgufFacts, check_gguf
from training.align.components import (
    EncoderPart,
    RendererPart,
    condition_shape,
    find_encoder,
    find_renderers,
)
from training.align.settings import Settings
from training.gguf.load import LanguagePart, conversation_template, find_language_model
from training.gguf.patch import Vocabulary, read_vocabulary

SHORT = {"image": "IMG", "audio": "AUD", "video": "VID"}
"""Short names of known modalities in signal tokens; others use their own name."""
MOST_SIGNALS = 64
INPUT_PROJECTION = "input_projection.safetensors"


@dataclass(frozen=True)
class Scale:
    """Sizes and learning rates that fit a language model."""

    rates: tuple[float, float, float]
    """Learning rates of stages 1, 2 and 3."""
    output: dict[str, int]
    """`SignalSpec`'s sizes of an output projection."""
    group: dict[str, Any]
    """Settings of the grouping input projection."""


LARGE = Scale(
    (4e-4, 4e-4, 5e-4),
    {"d_hidden": 512, "n_heads": 4, "n_layers": 4, "d_feedforward": 2048},
    {"width": 512, "depths": [6, 3, 3], "heads": 8, "group_tokens": [64, 8],
     "output_groups": [64, 8]},
)  # fmt: skip
"""The paper's."""
SMALL = Scale(
    (2e-3, 1.5e-3, 1.2e-3),
    {"d_hidden": 128, "n_heads": 4, "n_layers": 2, "d_feedforward": 512},
    {"width": 128, "depths": [2, 1, 1], "heads": 4, "group_tokens": [16, 8],
     "output_groups": [16, 8]},
)  # fmt: skip
"""Pocket's rates and sizes."""
WORDS_GROUP: dict[str, Any] = {**SMALL.group, "group_tokens": [16, 16], "output_groups": [16, 16]}
"""As many positions of a medium as a caption has words (`caption_words`)."""


@dataclass(frozen=True)
class SignalPart:
    """One modality that the bundle will answer in."""

    spec: SignalSpec
    renderer: RendererPart
    begin: Path | None = None
    """Weights of an output projection to begin with; None for new ones."""


@dataclass(frozen=True)
class Plan:
    """The components, sizes and tokens of a run."""

    settings: Settings
    language: LanguagePart
    base: Path
    """The GGUF that holds the language model as it was."""
    facts: GgufFacts
    template: TemplateSpec
    signals: dict[str, SignalPart]
    new_tokens: tuple[str, ...]
    """Appended to the vocabulary, in order of id."""
    encoder: EncoderPart | None
    input_projection: InputProjectionSpec
    input_begin: Path | None
    """Weights of the input projection to begin with; None for new ones."""
    scale: Scale

    @property
    def n_vocab(self) -> int:
        """Tokens of the trained model."""
        return self.facts.n_vocab + len(self.new_tokens)

    @property
    def positions(self) -> int:
        """K."""
        return int(self.input_projection.config.get("output_groups", [1])[-1])

    @property
    def specs(self) -> dict[str, SignalSpec]:
        """The manifest's entries of the modalities, by modality."""
        return {modality: part.spec for modality, part in self.signals.items()}

    def heard(self, modality: str) -> bool:
        """True if media of this modality can be taken in."""
        return self.encoder is not None and self.encoder.config.hears(modality)


@dataclass
class _Tokens:
    """Signal tokens as they are given out."""

    vocabulary: Vocabulary
    next_id: int
    reuse: bool
    """Rows of the vocabulary that no text uses serve first; the file keeps its size and its
    tokenizer."""
    new: list[str] = field(default_factory=list)
    used: int = 0

    def give(self, modality: str, count: int) -> tuple[int, ...]:
        """N ids: control tokens of these names that the model has already, else new ones."""
        stem = SHORT.get(modality, modality.upper())
        names = [f"[{stem}{i}]" for i in range(count)]
        known = self.vocabulary.control_ids(names)
        if known is not None:
            return tuple(known)
        free = self.vocabulary.unused[self.used : self.used + count]
        if self.reuse:
            if len(free) < count:
                raise KnownError(
                    f"--keep-layers: expected {count} rows of the vocabulary that no text uses, "
                    f"for the signal tokens of {modality}, found {len(free)}; leave it out."
                )
            self.used += count
            return free
        first = self.next_id + len(self.new)
        self.new += names
        return tuple(range(first, first + count))


def make_plan(settings: Settings, run: Path, enabled: Collection[str]) -> Plan:
    """Find and check every part. The base GGUF is written to `run` where there is none yet.

    Raises:
        KnownError: a part is missing, broken, or does not go with the others.
    """
    language = find_language_model(settings.language_model)
    renderers = find_renderers(settings.renderers, enabled)
    shapes = {modality: condition_shape(part.made()) for modality, part in renderers.items()}
    _check_counts(settings.signals, renderers)
    base = language.base(run / "base")
    facts = check_gguf(base)
    vocabulary = read_vocabulary(base)
    scale = LARGE if facts.d_model >= 1024 else SMALL
    tokens = _Tokens(vocabulary, facts.n_vocab, reuse=settings.keep_layers > 0)
    signals = _kept(language.bundle, renderers, enabled)
    for modality, part in renderers.items():
        count = settings.signals.get(modality, part.manifest.signal_tokens)
        ids = tokens.give(modality, count)
        signals[modality] = SignalPart(_spec(part, ids, shapes[modality], scale), part)
    group = WORDS_GROUP if settings.keep_layers else scale.group
    encoder, projection, begin = _ears(settings, language.bundle, group)
    return Plan(
        settings=settings,
        language=language,
        base=base,
        facts=facts,
        template=conversation_template(language, base, vocabulary, settings.template),
        signals=signals,
        new_tokens=tuple(tokens.new),
        encoder=encoder,
        input_projection=projection,
        input_begin=begin,
        scale=scale,
    )


def _kept(
    bundle: Bundle | None, renderers: Mapping[str, RendererPart], enabled: Collection[str]
) -> dict[str, SignalPart]:
    """The modalities that a bundle brings along besides its language model."""
    if bundle is None or bundle.manifest.routing != "projected":
        return {}
    kept = {}
    for modality, spec in bundle.manifest.signals.items():
        if modality in renderers:
            continue
        folder = f"={bundle.path(spec.decoder)}" if spec.decoder else ""
        part = find_renderers([f"{spec.renderer}{folder}"], enabled)[modality]
        own = msgspec.structs.replace(spec, projection=_projection_file(modality))
        kept[modality] = SignalPart(own, part, bundle.path(spec.projection))
    return kept


def _ears(
    settings: Settings, bundle: Bundle | None, group: dict[str, Any]
) -> tuple[EncoderPart | None, InputProjectionSpec, Path | None]:
    """The encoder, and the input projection that it gets."""
    new = InputProjectionSpec("group", INPUT_PROJECTION, group)
    if settings.encoder is not None:
        return find_encoder(settings.encoder), new, None
    manifest = bundle.manifest if bundle is not None else None
    if bundle is None or manifest is None or manifest.input_projection is None:
        return None, new, None
    spec = manifest.input_projection
    kept = InputProjectionSpec(spec.kind, INPUT_PROJECTION, spec.config)
    return find_encoder(str(bundle.folder)), kept, bundle.path(spec.file)


def _spec(
    part: RendererPart, ids: tuple[int, ...], shape: tuple[int, ...], scale: Scale
) -> SignalSpec:
    modality = part.modality
    spec = SignalSpec(
        token_ids=ids,
        renderer=part.manifest.id,
        decoder=f"decoders/{modality}" if part.folder is not None else "",
        condition_shape=shape,
        projection=_projection_file(modality),
        settings=part.settings,
    )
    return msgspec.structs.replace(spec, **scale.output)


def _projection_file(modality: str) -> str:
    return f"output_projection_{modality}.safetensors"


def _check_counts(counts: Mapping[str, int], renderers: Mapping[str, RendererPart]) -> None:
    for modality, count in counts.items():
        if modality not in renderers or not 1 <= count <= MOST_SIGNALS:
            raise KnownError(
                f"--signals {modality}={count}: expected {' or '.join(renderers)} and 1 to "
                f"{MOST_SIGNALS} signal tokens; correct it."
            )
