"""The memory of a whole bundle, part by part: one table for the engine's budget, `medley doctor`,
`medley models list` and whatever shows a bundle.

Reads the manifest and the heads of files; knows no torch and no llama.cpp.
"""

from __future__ import annotations

import contextlib
import functools
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from plugins.errors import KnownError
from runtime.bundle.bundle import Bundle
from runtime.bundle.manifest import EncoderSpec
from runtime.language_model.gguf_check import GgufFacts, check_gguf
from runtime.language_model.gguf_head import read_head
from runtime.language_model.limits import CacheType
from runtime.needs import working
from runtime.needs.gguf import LanguageModelNeeds, language_model
from runtime.needs.networks import decoder, decoder_kind, network, network_kind, weight_files
from runtime.needs.places import has_own_memory

PartKind = Literal[
    "program", "language model", "media encoder", "encoder", "input projection", "familiarity",
    "output projection", "decoder", "reader",
]  # fmt: skip
_STAYING = frozenset({"program", "language model"})
PROGRAM_BYTES = 260 << 20
"""Python with torch and llama.cpp, before anything is loaded."""
DIFFUSERS_BYTES = 230 << 20
"""diffusers and transformers, which the first decoder brings."""
_SHARD = re.compile(r"(.+)-\d{5}-of-(\d{5})\.gguf")


@dataclass(frozen=True)
class PartNeeds:
    """Bytes of one part of a bundle."""

    kind: PartKind
    modality: str = ""
    """Of an output projection or a decoder; the purpose of a reader's model."""
    file: int = 0
    """On the disk."""
    ram: int = 0
    """In the machine's memory while it is loaded, everything below that lies there included."""
    vram: int = 0
    """On the graphics card."""
    cache: int = 0
    """Keys and values of the context, and states of recurrent layers."""
    copied: int = 0
    """The second copy of weights in another order; see `runtime.needs.gguf`."""
    working: int = 0
    """Beside these while it computes, where the part is: an estimate. A language model keeps what
    it works with, so it is counted as loaded."""

    @property
    def name(self) -> str:
        """For example `decoder image`."""
        return f"{self.kind} {self.modality}".strip()

    @property
    def loaded(self) -> int:
        """All that it takes while it is loaded, here and on the card."""
        return self.ram + self.vram


@dataclass(frozen=True)
class Sum:
    """Bytes of several parts together."""

    ram: int
    vram: int


@dataclass(frozen=True)
class BundleNeeds:
    """The table of one bundle."""

    n_ctx: int
    """Positions of the context that is counted."""
    device: str
    """A torch device name."""
    parts: tuple[PartNeeds, ...]

    @property
    def at_once(self) -> Sum:
        """Everything loaded together, and the largest part at work."""
        return _sum(self.parts)

    @property
    def largest_turn(self) -> Sum:
        """The most that one step of a turn needs: what always stays, and the largest of what is
        loaded for it and can leave again."""
        stay = [part for part in self.parts if part.kind in _STAYING]
        sums = [_sum([*stay, *group]) for group in self._groups()] or [_sum(stay)]
        return Sum(max(one.ram for one in sums), max(one.vram for one in sums))

    @property
    def beside(self) -> Sum:
        """The part of `largest_turn` that comes and goes."""
        sums = [_sum(group) for group in self._groups()] or [Sum(0, 0)]
        return Sum(max(one.ram for one in sums), max(one.vram for one in sums))

    def part(self, kind: PartKind) -> PartNeeds | None:
        """The first part of a kind."""
        return next((part for part in self.parts if part.kind == kind), None)

    def _groups(self) -> Iterator[list[PartNeeds]]:
        """Parts that are at work together."""
        yield from ([part] for part in self.parts if part.kind == "media encoder")
        encoding = ("encoder", "input projection", "familiarity")
        if encoders := [part for part in self.parts if part.kind in encoding]:
            yield encoders
        made = ("output projection", "decoder")
        for modality in dict.fromkeys(p.modality for p in self.parts if p.kind in made):
            yield [p for p in self.parts if p.kind in made and p.modality == modality]
        yield from ([part] for part in self.parts if part.kind == "reader")


def bundle_needs(
    bundle: Bundle,
    n_ctx: int | None = None,
    device: str = "cpu",
    *,
    free: int | None = None,
    gpu_layers: int | None = None,
    cache: CacheType = "f16",
) -> BundleNeeds:
    """What the parts of a bundle take; a network whose file cannot be read is left out.

    Args:
        bundle: an opened bundle.
        n_ctx: positions of the context; None is the manifest's.
        device: a torch device name.
        free: bytes for the language model, which decide whether a second copy of its weights is
            made; None where nobody knows.
        gpu_layers: of the language model's layers on a graphics card, -1 for all; None is all of
            them where the device is one.
        cache: how keys and values are kept.

    Raises:
        KnownError: the language model's file is broken.
    """
    n_ctx = n_ctx or bundle.manifest.language_model.n_ctx
    layers = (-1 if has_own_memory(device) else 0) if gpu_layers is None else gpu_layers
    facts, size = language_model_facts(bundle), language_model_bytes(bundle)
    model = language_model(facts, size, n_ctx, free=free, gpu_layers=layers, cache=cache)
    parts = [_program(bundle), _model_part(model, size), *_networks(bundle, device, layers)]
    return BundleNeeds(n_ctx, device, (*parts, *_readers(bundle)))


def working_bytes(
    bundle: Bundle, modality: str, device: str, parameters: Mapping[str, object] | None = None
) -> int:
    """Bytes that the decoder of a modality takes beside its weights for one artifact, an estimate.

    Args:
        bundle: an opened bundle.
        modality: one that it has a signal for.
        device: a torch device name.
        parameters: over the bundle's own settings.
    """
    signal = bundle.manifest.signals[modality]
    settings = {**signal.settings, **(parameters or {})}
    if not signal.decoder:
        return 0
    with contextlib.suppress(KnownError, OSError):
        return _decoder(bundle, modality, settings, device).working
    return 0


def encoder_working(bundle: Bundle, device: str) -> int:
    """Bytes that the encoder takes beside its weights while it looks at a medium, an estimate."""
    spec = bundle.manifest.encoder
    if spec is not None:
        with contextlib.suppress(KnownError, OSError):
            return _encoder(bundle, spec, device).working
    return 0


def language_model_facts(bundle: Bundle) -> GgufFacts:
    """The head of the language model's file.

    Raises:
        KnownError: the file is broken.
    """
    path = bundle.path(bundle.manifest.language_model.file)
    try:
        about = path.stat()
    except OSError:
        return check_gguf(path)
    return _facts(path, about.st_size, about.st_mtime_ns)


def language_model_bytes(bundle: Bundle) -> int:
    """Bytes of the language model's file, or of all its shards."""
    name, files = bundle.manifest.language_model.file, bundle.manifest.files
    found = _SHARD.fullmatch(name)
    if found is None:
        return files[name].size
    one = re.compile(rf"{re.escape(found[1])}-\d{{5}}-of-{found[2]}\.gguf")
    return sum(file.size for path, file in files.items() if one.fullmatch(path))


@functools.lru_cache(4)
def _facts(path: Path, _size: int, _changed_ns: int) -> GgufFacts:
    """Kept for as long as the file stays as it is."""
    return check_gguf(path)


def _sum(parts: Iterable[PartNeeds]) -> Sum:
    """The parts loaded together, and the largest of them at work."""
    parts = list(parts)
    here = [part.working for part in parts if not part.vram]
    there = [part.working for part in parts if part.vram]
    return Sum(
        sum(part.ram for part in parts) + max(here, default=0),
        sum(part.vram for part in parts) + max(there, default=0),
    )


def _program(bundle: Bundle) -> PartNeeds:
    draws = any(signal.decoder for signal in bundle.manifest.signals.values())
    return PartNeeds("program", ram=PROGRAM_BYTES + (DIFFUSERS_BYTES if draws else 0))


def _model_part(model: LanguageModelNeeds, size: int) -> PartNeeds:
    return PartNeeds(
        "language model",
        file=size,
        ram=model.ram,
        vram=model.vram,
        cache=model.cache,
        copied=model.copied,
    )


def _networks(bundle: Bundle, device: str, gpu_layers: int) -> Iterator[PartNeeds]:
    """Those whose files can be read; loading another says what is wrong with it."""
    for make in _makers(bundle, device, gpu_layers):
        with contextlib.suppress(KnownError, OSError):
            yield make()


def _makers(bundle: Bundle, device: str, gpu_layers: int) -> Iterator[Callable[[], PartNeeds]]:
    manifest = bundle.manifest
    part = functools.partial
    if manifest.media_embedder is not None:
        yield part(_media_encoder, bundle, manifest.media_embedder.file, device, gpu_layers)
    if manifest.encoder is not None:
        yield part(_encoder, bundle, manifest.encoder, device)
    if manifest.input_projection is not None:
        yield part(_network, "input projection", bundle, manifest.input_projection.file, device)
    if manifest.familiarity is not None:
        yield part(_network, "familiarity", bundle, manifest.familiarity.file, "cpu")
    for modality, signal in manifest.signals.items():
        if signal.projection:
            file = signal.projection
            yield part(_network, "output projection", bundle, file, device, modality)
        if signal.decoder:
            yield part(_decoder, bundle, modality, signal.settings, device)


def _media_encoder(bundle: Bundle, file: str, device: str, gpu_layers: int) -> PartNeeds:
    """An mmproj, which llama.cpp loads as it is stored, where it computes itself."""
    head = read_head(bundle.path(file))
    size = sum(head.bytes_by_type.values())
    busy = working.mmproj(head)
    there = gpu_layers != 0 and device != "mps"
    return _placed("media encoder", "", bundle.path(file).stat().st_size, size, busy, there)


def _encoder(bundle: Bundle, spec: EncoderSpec, device: str) -> PartNeeds:
    each = network_kind(bundle.path(spec.file), device).size
    return _network("encoder", bundle, spec.file, device, busy=working.encoder(spec, each))


def _network(
    kind: PartKind, bundle: Bundle, file: str, device: str, modality: str = "", busy: int = 0
) -> PartNeeds:
    path = bundle.path(file)
    size = network(path, device)
    return _placed(kind, modality, path.stat().st_size, size, busy, has_own_memory(device))


def _decoder(
    bundle: Bundle, modality: str, settings: Mapping[str, object], device: str
) -> PartNeeds:
    signal = bundle.manifest.signals[modality]
    folder = bundle.path(signal.decoder)
    files = sum(path.stat().st_size for path in weight_files(folder))
    size = decoder(folder, device, captions=not signal.projection)
    busy = working.decoder(folder, modality, settings, decoder_kind(folder, device).size)
    return _placed("decoder", modality, files, size, busy, has_own_memory(device))


def _placed(
    kind: PartKind, modality: str, file: int, size: int, busy: int, on_card: bool
) -> PartNeeds:
    ram, vram = (0, size) if on_card else (size, 0)
    return PartNeeds(kind, modality, file, ram, vram, working=busy)


def _readers(bundle: Bundle) -> Iterator[PartNeeds]:
    """The installed models that read media in the place of an encoder."""
    if bundle.manifest.encoder is not None:
        return
    from runtime.catalogue import store

    for purpose in ("hear", "see", "read"):
        found = store.find(purpose)
        if found is not None:
            entry = found.entry
            yield PartNeeds("reader", purpose, file=entry.disk_bytes, ram=entry.memory_bytes)
