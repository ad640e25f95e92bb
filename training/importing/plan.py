"""What an import will do: every source opened and checked, the parts that it makes, the room that
they take. Writes nothing."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Final

from plugins.errors import KnownError
from runtime.encoder.config import Spread
from runtime.encoder.words import TOKENIZER_FILE
from runtime.media import shown
from training.importing import decoders, encoder, language_model, projections
from training.importing.base import Base, open_base
from training.importing.delta import Delta, Marks, open_delta
from training.importing.manifest import ENCODER, LANGUAGE_MODEL
from training.importing.sizes import MODALITIES, PUBLISHED, Sizes
from training.importing.smaller import quantize_telling

Tell = Callable[[int], None]
QUANTIZED: Final = {"Q4_K_M": 0.32, "Q8_0": 0.54}
"""The smaller formats, with the share of F16's bytes that they take at most."""
WHOLE = "llm-f16.gguf"
"""The language model before it is made smaller; outside the bundle."""
SMALLER = "smaller language model"
_KINDS = {"image": "pictures", "video": "clips", "audio": "sounds"}
_SPARE = 256 << 20
"""Bytes that are to stay free."""


@dataclass(frozen=True)
class Sources:
    """Where the models are that an import is made of."""

    delta: Path
    language_model: Path
    encoder: Path
    image: Path
    audio: Path
    video: Path


@dataclass(frozen=True)
class Wishes:
    """What a person chose."""

    name: str = "nextgpt"
    quantize: str | None = None
    """A key of `QUANTIZED`; None for F16."""
    marks: Marks | None = None
    """None for what lies beside the checkpoint, and where nothing does for text."""
    spread: Spread = "ends"


@dataclass(frozen=True)
class Part:
    """One part of an import."""

    name: str
    title: str
    sources: tuple[Path, ...]
    """Files of which it is made."""
    settings: tuple[Any, ...]
    files: tuple[str, ...]
    """What it writes, by path in the bundle; folders with all that is in them."""
    bytes: int
    """About how many it writes."""
    make: Callable[[Path, Tell], None]
    """Writes it into the bundle's folder."""
    only_for: str = ""
    """The part that is made of it; once that is done its files are taken away."""


@dataclass(frozen=True)
class Plan:
    """An import whose sources fit together."""

    wishes: Wishes
    sizes: Sizes
    delta: Delta
    base: Base
    encoder: encoder.Encoder
    decoders: dict[str, decoders.Decoder]
    marks: Marks
    marks_known: bool
    """Whether the checkpoint's own tokens say how its marks were cut."""
    parts: tuple[Part, ...]

    def needed_bytes(self, missing: Collection[str]) -> int:
        """The most that the parts of these names take on the disk at once, in their order."""
        most = now = 0
        for part in self.parts:
            if part.name not in missing:
                continue
            now += part.bytes
            most = max(most, now)
            now -= sum(other.bytes for other in self.parts if other.only_for == part.name)
        return most

    @property
    def left_out(self) -> tuple[str, ...]:
        """What of the sources is not in the bundle."""
        found = [*self.base.left_out, *self.encoder.left_out]
        for decoder in self.decoders.values():
            found += [f"{decoder.modality}: {name}" for name in decoder.left_out]
        return tuple(found)


def make_plan(sources: Sources, wishes: Wishes, sizes: Sizes = PUBLISHED) -> Plan:
    """Open and check all sources.

    Raises:
        KnownError: one of them is not what it has to be.
    """
    if wishes.quantize not in (None, *QUANTIZED):
        raise KnownError(
            "--quantize: expected {known}, found {found}. Leave it out for F16.",
            known=" or ".join(QUANTIZED),
            found=wishes.quantize,
        )
    delta = open_delta(sources.delta, sizes)
    base = open_base(sources.language_model, sizes)
    towers = encoder.open_encoder(sources.encoder, sizes.encoder)
    folders = {"image": sources.image, "video": sources.video, "audio": sources.audio}
    found = {m: decoders.open_decoder(m, folders[m], sizes) for m in MODALITIES}
    encoder.clip_tokenizer(sources.image / "tokenizer", sizes.encoder)
    parts = _parts(wishes, sizes, delta, base, towers, found)
    marks = wishes.marks or delta.marks or "text"
    known = delta.marks is not None
    return Plan(wishes, sizes, delta, base, towers, found, marks, known, parts)


def check_room(plan: Plan, folder: Path, missing: int) -> None:
    """
    Raises:
        KnownError: the disk of `folder` has no room for the `missing` bytes.
    """
    free = shutil.disk_usage(folder).free
    if free < missing + _SPARE:
        raise KnownError(
            "{folder}: expected {needed:.1f} GB of free disk for the import, found {free:.1f} GB. "
            "Free some space; what is done by now is kept.",
            "disk",
            folder=shown(folder),
            needed=(missing + _SPARE) / 1e9,
            free=free / 1e9,
        )


def _parts(
    wishes: Wishes,
    sizes: Sizes,
    delta: Delta,
    base: Base,
    towers: encoder.Encoder,
    found: dict[str, decoders.Decoder],
) -> tuple[Part, ...]:
    tokenizer = found["image"].folder / "tokenizer"
    words = (tokenizer / "vocab.json", tokenizer / "merges.txt")
    drawing = [
        Part(
            name=f"decoder {modality}",
            title=f"the decoder of {_KINDS[modality]}",
            sources=decoder.files,
            settings=(),
            files=(f"decoders/{modality}",),
            bytes=decoders.written_bytes(decoder),
            make=partial(_write_decoder, decoder),
        )
        for modality, decoder in found.items()
    ]
    seeing = Part(
        name="encoder",
        title="the encoder",
        sources=(*towers.tensors.files, *words),
        settings=(sizes.encoder,),
        files=(ENCODER, TOKENIZER_FILE),
        bytes=encoder.written_bytes(towers),
        make=partial(_write_encoder, towers, tokenizer, sizes),
    )
    joining = Part(
        name="projections",
        title="the projections",
        sources=(delta.file,),
        settings=(sizes,),
        files=tuple(name for name, _ in projections.files(sizes)),
        bytes=projections.written_bytes(delta, sizes),
        make=partial(_write_projections, delta, sizes),
    )
    return (*_language_model(wishes, sizes, delta, base), joining, seeing, *drawing)


def _language_model(wishes: Wishes, sizes: Sizes, delta: Delta, base: Base) -> list[Part]:
    kind = wishes.quantize
    size = language_model.written_bytes(sizes)
    sources = (*base.files, delta.file)
    file = LANGUAGE_MODEL if kind is None else f"../{WHOLE}"
    whole = Part(
        name="language model",
        title="the language model",
        sources=sources,
        settings=(sizes,),
        files=(file,),
        bytes=size,
        make=partial(_write_language_model, base, delta, sizes, file),
        only_for="" if kind is None else SMALLER,
    )
    if kind is None:
        return [whole]
    smaller = Part(
        name=SMALLER,
        title=f"the language model as {kind}",
        sources=sources,
        settings=(sizes, kind),
        files=(LANGUAGE_MODEL,),
        bytes=int(size * QUANTIZED[kind]),
        make=partial(_quantize, kind),
    )
    return [whole, smaller]


def _write_language_model(
    base: Base, delta: Delta, sizes: Sizes, file: str, folder: Path, tell: Tell
) -> None:
    language_model.write_language_model(folder / file, base, delta, sizes, tell)


def _quantize(format_name: str, folder: Path, tell: Tell) -> None:
    quantize_telling(folder.parent / WHOLE, folder / LANGUAGE_MODEL, format_name, tell)


def _write_encoder(
    towers: encoder.Encoder, tokenizer: Path, sizes: Sizes, folder: Path, tell: Tell
) -> None:
    (folder / TOKENIZER_FILE).parent.mkdir(parents=True, exist_ok=True)
    encoder.clip_tokenizer(tokenizer, sizes.encoder).save(str(folder / TOKENIZER_FILE))
    encoder.write_encoder(folder / ENCODER, towers, tell)


def _write_projections(delta: Delta, sizes: Sizes, folder: Path, tell: Tell) -> None:
    projections.write_projections(folder, delta, sizes, tell)


def _write_decoder(decoder: decoders.Decoder, folder: Path, tell: Tell) -> None:
    decoders.write_decoder(folder / "decoders" / decoder.modality, decoder, tell)
