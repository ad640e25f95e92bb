"""The training data of a run: the examples that its components can use, and everything frozen about
them.

Reading leaves `read/`, the encoder's features `features/`, the renderers' caption targets
`targets/`; each is kept, so that a run that was killed goes on, and each notes what it skipped.
Knows data, parts and files; trains nothing.

Legend: B items of a batch, P patch tokens, E encoder width, [*C] a decoder's condition.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from plugins.api import Renderer
from plugins.errors import KnownError
from runtime.encoder.inputs import prepare
from runtime.encoder.model import ImageBindEncoder
from runtime.language_model.model import LanguageModel
from runtime.media import shown
from training.align.array_cache import Made, Shards
from training.align.components import targets_of
from training.align.plan import Plan
from training.align.prompts import describe, request
from training.align.sequences import LineWriter
from training.datasets.examples import (
    Dialogue,
    Example,
    Medium,
    Pair,
    Skipped,
    Sourced,
    Wanted,
    media_of,
    summary,
    wanted_of,
)
from training.datasets.reading import read_folders, write_skipped
from training.trainer import devices
from training.trainer.progress import write_atomically

TELL_S = 10.0
"""Seconds between two lines about how far a long piece of work is."""


class AlignmentDataset:
    """The examples of a run and its caches, in the run's folder."""

    def __init__(self, plan: Plan, run: Path) -> None:
        self.plan, self.run = plan, run
        self.examples: list[Sourced] = []
        self.skipped: list[Skipped] = []
        """The data that was left out; complete once `sift` has run."""

    # Reading

    def read(self, folder: Path) -> None:
        """Read the data folders and keep what the parts can use.

        Raises:
            KnownError: a folder without anything usable.
        """
        settings = self.plan.settings
        modalities = tuple(dict.fromkeys(("image", "audio", "video", *self.plan.signals)))
        folders = [Path(name).expanduser() for name in settings.data]
        reading = read_folders(folders, modalities, self.run / "skipped.jsonl")
        with LanguageModel(self.plan.base, n_ctx=32, n_threads=1) as tokenizer:
            writer = self.writer(tokenizer)
            kept = []
            for sourced in reading.examples:
                reason = self._unfit(sourced.example, writer)
                if reason is None:
                    kept.append(sourced)
                else:
                    reading.skipped.append(Skipped(sourced.file, sourced.where, *reason))
        write_skipped(reading.skipped, folder / "skipped.jsonl")
        write_skipped(reading.skipped, self.run / "skipped.jsonl")
        if not kept:
            raise self._nothing(reading.skipped)
        lines = b"".join(msgspec.json.encode(sourced) + b"\n" for sourced in kept)
        write_atomically(folder / "examples.jsonl", lines)

    def writer(self, tokenizer: LanguageModel) -> LineWriter:
        """Writes examples for the model of this run."""
        ids = {modality: spec.token_ids for modality, spec in self.plan.specs.items()}
        return LineWriter(self.plan.template, tokenizer, ids, self.plan.positions)

    def _unfit(self, example: Example, writer: LineWriter) -> tuple[Any, str] | None:
        """Kind and reason why the parts cannot use an example, or None."""
        plan = self.plan
        unheard = {m.modality for m in media_of(example) if not plan.heard(m.modality)}
        unmade = {w.modality for w in wanted_of(example) if w.modality not in plan.signals}
        if isinstance(example, Pair):
            if unheard and unmade:
                return "no part for it", f"no part takes in or makes {min(unheard)}"
            rng = np.random.default_rng(0)
            heard = describe(example, rng)
            turns = [request(w, rng) for w in wanted_of(example) if not unmade]
            written = [[turn] for turn in ([] if unheard else [heard]) + turns]
        else:
            if unheard or unmade:
                part = "encoder takes in" if unheard else "renderer makes"
                return "no part for it", f"no {part} {min(unheard or unmade)}"
            written = [list(example.exchanges)]
        longest = min(plan.settings.length, plan.facts.n_ctx_train)
        found = max(len(writer.write(turns).ids) for turns in written)
        if found > longest:
            return "too long", f"{found} positions, expected at most {longest}"
        return None

    # What is frozen

    def open(self) -> None:
        """Take up what `read` wrote."""
        lines = (self.run / "read" / "examples.jsonl").read_bytes().splitlines()
        self.examples = [msgspec.json.decode(line, type=Sourced) for line in lines]
        media = self._media()
        self._features = {
            modality: Shards(self.run / "features" / modality, paths)
            for modality, paths in media.items()
        }
        self._targets = {
            modality: Shards(self.run / "targets" / modality, captions)
            for modality, captions in self._captions().items()
        }

    def fill_features(self, _: Path) -> None:
        """Run the encoder once over every medium."""
        if not self._features or self.plan.encoder is None:
            return
        encoder = self.plan.encoder.load().to(devices.device())
        for modality, shards in self._features.items():
            tell = teller(f"{modality} features", len(shards.items))
            shards.fill(self._encoding(encoder, modality), tell)

    def fill_targets(self, _: Path) -> None:
        """Run the renderers' text encoders once over every caption."""
        for modality, shards in self._targets.items():
            renderer = self.plan.signals[modality].renderer.made()
            shards.fill(_targeting(renderer), teller(f"{modality} targets", len(shards.items)))

    def sift(self) -> None:
        """Let go of examples with a medium or a caption that turned out to be broken; all that was
        skipped in this run is in `skipped.jsonl` afterwards.

        Raises:
            KnownError: nothing is left.
        """
        media = {m: shards.broken() for m, shards in self._features.items()}
        captions = {m: shards.broken() for m, shards in self._targets.items()}
        kept, skipped = [], self._skipped_before()
        for sourced in self.examples:
            reason = _broken(sourced.example, media, captions)
            if reason is None:
                kept.append(sourced)
            else:
                skipped.append(Skipped(sourced.file, sourced.where, *reason))
        self.examples, self.skipped = kept, skipped
        write_skipped(skipped, self.run / "skipped.jsonl")
        if not kept:
            raise self._nothing(skipped)

    # What the losses ask

    def patches(self, modality: str, media: Sequence[Medium]) -> Tensor:
        """float32 [B, P, E]."""
        return self._features[modality].rows([medium.path for medium in media])

    def targets(self, modality: str, artifacts: Sequence[Wanted]) -> Tensor:
        """float32 [B, *C]."""
        return self._targets[modality].rows([wanted.caption for wanted in artifacts])

    # What there is to learn from

    def heard_pairs(self) -> list[Pair]:
        """Pairs whose medium the encoder takes in."""
        pairs = (e.example for e in self.examples)
        return [p for p in pairs if isinstance(p, Pair) and self.plan.heard(p.medium.modality)]

    def renderable_captions(self) -> list[Wanted]:
        """Captions of pairs that a renderer can make."""
        pairs = [e.example for e in self.examples if isinstance(e.example, Pair)]
        return [w for pair in pairs for w in wanted_of(pair) if w.modality in self.plan.signals]

    def dialogues(self) -> list[Dialogue]:
        """All dialogues."""
        return [e.example for e in self.examples if isinstance(e.example, Dialogue)]

    def modalities_asked_for(self) -> set[str]:
        """Modalities that the examples ask for."""
        return set(self._captions())

    def _media(self) -> dict[str, list[str]]:
        media = (m for e in self.examples for m in media_of(e.example))
        return _grouped((m.modality, m.path) for m in media if self.plan.heard(m.modality))

    def _captions(self) -> dict[str, list[str]]:
        wanted = (w for e in self.examples for w in wanted_of(e.example))
        return _grouped((w.modality, w.caption) for w in wanted if w.modality in self.plan.signals)

    def _skipped_before(self) -> list[Skipped]:
        lines = (self.run / "read" / "skipped.jsonl").read_bytes().splitlines()
        return [msgspec.json.decode(line, type=Skipped) for line in lines]

    def _nothing(self, skipped: Sequence[Skipped]) -> KnownError:
        folders = ", ".join(shown(name) for name in self.plan.settings.data)
        return KnownError(
            f"data in {folders}: expected something that the encoder and the renderers can use, "
            f"found nothing ({summary(skipped)}; each is named in "
            f"{shown(self.run / 'skipped.jsonl')}). Give other data, or other parts."
        )

    def _encoding(
        self, encoder: ImageBindEncoder, modality: str
    ) -> Callable[[Sequence[str]], Made]:
        def one(path: str) -> NDArray[np.float16] | str:
            try:
                media = prepare(encoder.config, modality, path).to(devices.device())
            except KnownError as error:
                return str(error)
            with torch.inference_mode():
                patches = encoder.encode(modality, media).patches[0]
            found: NDArray[np.float16] = patches.half().cpu().numpy()
            return found

        return lambda paths: [one(path) for path in paths]


def _targeting(renderer: Renderer) -> Callable[[Sequence[str]], Made]:
    """Targets of many captions; when that fails, of each by itself, to find the one at fault."""

    def one(caption: str) -> NDArray[np.float32] | str:
        try:
            return targets_of(renderer, [caption])[0]
        except KnownError as error:
            return str(error)

    def many(captions: Sequence[str]) -> Made:
        try:
            return list(targets_of(renderer, captions))
        except KnownError:
            return [one(caption) for caption in captions]

    return many


def _broken(
    example: Example, media: dict[str, dict[str, str]], captions: dict[str, dict[str, str]]
) -> tuple[Any, str] | None:
    for medium in media_of(example):
        if reason := media.get(medium.modality, {}).get(medium.path):
            return "broken medium", reason
    for wanted in wanted_of(example):
        if reason := captions.get(wanted.modality, {}).get(wanted.caption):
            return "broken caption", reason
    return None


def _grouped(pairs: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    """Each value once, by key, in order of appearance."""
    found: dict[str, dict[str, None]] = {}
    for key, value in pairs:
        found.setdefault(key, {})[value] = None
    return {key: list(values) for key, values in found.items()}


def teller(what: str, of: int) -> Callable[[int], None]:
    """Says how far the work is, now and then, with the time left."""
    started = told = time.monotonic()

    def tell(done: int) -> None:
        nonlocal told
        now = time.monotonic()
        if done < of and now - told < TELL_S:
            return
        told = now
        left = (now - started) / done * (of - done)
        print(f"{what}: {done} of {of}, {left / 60:.1f} min left", flush=True)

    return tell
