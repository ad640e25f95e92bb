"""A whole turn in each modality on a graphics card: seconds, tokens a second and the card's memory,
against the reference's flow on the same weights.

Without `--bundle` a bundle of tiny random networks is made. Without a card this says so and ends;
`--device cpu` runs it all the same, which only proves that the program works.

    python -m benchmarks.gpu [--bundle NAME|DIR] [--device D] [--repeats N]
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import torch

from benchmarks.gpu.reference import Reference
from runtime.bundle.bundle import Bundle, find_bundle
from runtime.engine import Engine
from runtime.messages import (
    ArtifactFailed,
    MediaPart,
    Message,
    Part,
    TextPart,
    Turn,
    TurnDone,
    TurnFailed,
)
from runtime.opening import EngineOptions, open_engine

GOAL = 5.0
REQUEST = "show me a red boat on the sea"


@dataclass(frozen=True)
class Row:
    """One kind of answer."""

    seconds: float
    tokens: int
    per_second: float
    peak: int
    """Bytes of the card, by torch's allocator and llama.cpp's share; 0 without a card."""


def asked(engine: Engine, modality: str, medium: MediaPart | None) -> Row:
    """Medley's turn with an artifact of a modality; empty for words alone.

    Raises:
        RuntimeError: it failed.
    """
    words = TextPart(REQUEST)
    parts: tuple[Part, ...] = (words,) if medium is None else (medium, words)
    allowed = ("text", modality) if modality else ("text",)
    _forget_peak(engine)
    begin, done = time.perf_counter(), None
    for event in engine.answer(Turn((Message("user", parts),), allowed=allowed, seed=1)):
        if isinstance(event, TurnFailed | ArtifactFailed):
            raise RuntimeError(str(event.problem))
        done = event if isinstance(event, TurnDone) else done
    seconds = time.perf_counter() - begin
    if done is None:
        raise RuntimeError("the turn has no end")
    llama = sum(one.size for one in engine.memory.residents() if one.key == "language model")
    on_card = engine.load().startswith("cuda")
    peak = torch.cuda.max_memory_allocated(engine.load()) + llama if on_card else 0
    return Row(seconds, done.usage.new_tokens, done.tokens_per_second or 0.0, peak)


def rows(
    bundle: Bundle, device: str, repeats: int, folder: Path
) -> Iterator[tuple[str, Row, float]]:
    """Kind of answer, Medley's medians, and the reference's seconds."""
    medium = _picture(folder)
    kinds = ["", *bundle.manifest.signals]
    mine: dict[str, list[Row]] = {kind: [] for kind in kinds}
    with open_engine(EngineOptions(bundle, device)) as engine:
        for _ in range(repeats + 1):
            for kind in kinds:
                mine[kind].append(asked(engine, kind, medium))
    reference = Reference(bundle, device)
    for kind in kinds:
        taken = mine[kind][1:]  # the first loads and warms up
        tokens = max(taken[-1].tokens, 1)
        theirs = [
            sum(seconds for _, seconds in reference.turn(tokens, medium, kind))
            for _ in range(repeats + 1)
        ][1:]
        row = Row(
            statistics.median(one.seconds for one in taken),
            tokens,
            statistics.median(one.per_second for one in taken),
            max(one.peak for one in taken),
        )
        yield kind or "text", row, statistics.median(theirs)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--bundle", metavar="NAME|DIR")
    parser.add_argument("--device", default="auto", metavar="D")
    parser.add_argument("--repeats", type=int, default=3, metavar="N")
    args = parser.parse_args()
    from runtime.components.devices import choose_device

    device = choose_device(args.device)
    if device == "cpu" and args.device != "cpu":
        print("benchmarks.gpu: torch sees no graphics card here; there is nothing to measure.")
        return
    with tempfile.TemporaryDirectory() as name:
        bundle = _bundle(args.bundle, Path(name))
        note = " (proves nothing but itself)" if device == "cpu" else ""
        print(f"{bundle.name} on {device}{note}")
        names = ("Medley s", "tokens/s", "card MiB", "reference s", "x")
        print(f"{'answer':8}" + "".join(f"{name:>12}" for name in names))
        for kind, row, theirs in rows(bundle, device, args.repeats, Path(name)):
            numbers = (row.seconds, row.per_second, row.peak / 2**20, theirs, theirs / row.seconds)
            print(f"{kind:8}" + "".join(f"{number:>12.3f}" for number in numbers), flush=True)
        print(f"goal: {GOAL:g} times the reference's speed")


def _bundle(wanted: str | None, folder: Path) -> Bundle:
    if wanted is not None:
        return Bundle.open(find_bundle(wanted))
    from tests.tiny_bundle import write_tiny_bundle

    return write_tiny_bundle(folder / "tiny")


def _picture(folder: Path) -> MediaPart:
    from PIL import Image

    path = folder / "picture.png"
    Image.linear_gradient("L").convert("RGB").save(path)
    return MediaPart("image", str(path))


def _forget_peak(engine: Engine) -> None:
    device = engine.load()
    if device.startswith("cuda"):
        torch.cuda.reset_peak_memory_stats(device)


if __name__ == "__main__":
    main()
