"""What each stage draws from the data at hand."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import pytest

from training.align.dataset import AlignmentDataset
from training.align.sequences import TrainingSequence
from training.align.stages import StageLosses, similar
from training.datasets.examples import Dialogue, Exchange, Medium, Pair, Wanted

PHOTO, TONE = Medium("image", "a.png"), Medium("audio", "a.wav")
PAIRS = [Pair(PHOTO, "a boat"), Pair(TONE, "a bell")]
WISHES = [Wanted("image", "a boat"), Wanted("sketch", "a circle")]
ASKED = Dialogue((Exchange((), "sketch it", ("here", Wanted("sketch", "a star"))),))
LOOKED = Dialogue((Exchange((PHOTO,), "what is it?", ("a boat",)),))
TALKED = Dialogue((Exchange((), "hello", ("hello",)),))


def stage_losses(*, pairs: Any = (), wishes: Any = (), dialogues: Any = ()) -> StageLosses:
    dataset = SimpleNamespace(
        heard_pairs=lambda: list(pairs),
        renderable_captions=lambda: list(wishes),
        dialogues=lambda: list(dialogues),
    )
    return StageLosses(cast(AlignmentDataset, dataset))


def drawn(found: StageLosses, stage: str, count: int = 400) -> list[Exchange]:
    draw = found.draws(stage)
    assert draw is not None
    rng = np.random.default_rng(0)
    return [draw(rng)[0] for _ in range(count)]


def share(exchanges: list[Exchange], what: Any) -> float:
    return sum(map(what, exchanges)) / len(exchanges)


@pytest.mark.parametrize(
    ("given", "stages"),
    [
        ({"pairs": PAIRS}, {"stage1", "stage3"}),
        ({"wishes": WISHES}, {"stage2", "stage3", "stage4"}),
        ({"dialogues": [ASKED]}, {"stage2", "stage3", "stage4"}),
        ({"dialogues": [LOOKED]}, {"stage1", "stage3"}),
        ({"dialogues": [TALKED]}, {"stage3"}),
    ],
)
def test_a_stage_without_anything_to_learn_from_is_left_out(given: Any, stages: set[str]) -> None:
    found = stage_losses(**given)

    assert {f"stage{i}" for i in (1, 2, 3, 4) if found.draws(f"stage{i}")} == stages


def test_stage_one_describes_media_of_every_modality_alike() -> None:
    exchanges = drawn(stage_losses(pairs=[*PAIRS, *[PAIRS[0]] * 50]), "stage1")

    assert share(exchanges, lambda e: e.media == (TONE,)) == pytest.approx(0.5, abs=0.1)
    assert {e.answer for e in exchanges} == {("a boat",), ("a bell",)}


def test_stage_two_asks_for_artifacts_and_nothing_else() -> None:
    exchanges = drawn(stage_losses(wishes=WISHES, dialogues=[ASKED, LOOKED, TALKED]), "stage2")

    assert all(isinstance(e.answer[-1], Wanted) for e in exchanges)
    assert {e.answer[-1].caption for e in exchanges if isinstance(e.answer[-1], Wanted)} == {
        "a boat", "a circle", "a star",
    }  # fmt: skip
    assert all("a circle" in e.text for e in exchanges if e.answer[-1] == WISHES[1])


def test_stage_three_holds_dialogues_and_keeps_some_pairs() -> None:
    both = stage_losses(pairs=[PAIRS[0]], wishes=[WISHES[1]], dialogues=[ASKED, LOOKED])
    exchanges = drawn(both, "stage3")
    known = {ASKED.exchanges[0], LOOKED.exchanges[0]}
    assert share(exchanges, lambda e: e not in known) == pytest.approx(0.2, abs=0.06)

    more = drawn(stage_losses(wishes=WISHES, dialogues=[ASKED]), "stage3")
    assert share(more, lambda e: e not in known) == pytest.approx(0.5, abs=0.08)


def test_sequences_of_a_batch_are_of_similar_length() -> None:
    rng = np.random.default_rng(0)
    lengths = iter(rng.permutation(8).tolist())

    lines = similar(lambda: TrainingSequence(ids=[0] * next(lengths)), 4, rng)

    assert sorted(len(line.ids) for line in lines) in ([0, 1, 2, 3], [4, 5, 6, 7])
