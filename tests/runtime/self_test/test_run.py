"""A bundle is tried: what it can is told step by step, and kept."""

from __future__ import annotations

import threading
from pathlib import Path

import msgspec
import pytest

from plugins.errors import Cancelled
from runtime.bundle.bundle import Bundle
from runtime.media.audio import read_audio
from runtime.messages import ArtifactReady
from runtime.self_test import kept, run
from runtime.self_test.asking import Reply
from runtime.self_test.outcomes import SelfTest, StepOutcome

WORK: list[tuple[str, int, int]] = []
"""The steps under way, as they were told."""


@pytest.fixture(scope="module")
def tested(
    tiny_bundle: Bundle, tmp_path_factory: pytest.TempPathFactory
) -> tuple[SelfTest, list[StepOutcome]]:
    told: list[StepOutcome] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_DATA_HOME", str(tmp_path_factory.mktemp("data")))
        found = run.self_test(
            tiny_bundle,
            on_step=told.append,
            on_work=lambda step, done, of: WORK.append((step, done, of)),
        )
        assert kept.of(tiny_bundle.folder) == found
    return found, told


def outcome(found: SelfTest, step: str) -> StepOutcome:
    return next(one for one in found.steps if one.step == step)


def test_every_step_is_told_as_it_comes(tested: tuple[SelfTest, list[StepOutcome]]) -> None:
    found, told = tested
    assert list(found.steps) == told
    assert [step.number for step in told] == list(range(1, told[0].of + 1))
    assert [step.step for step in told] == [
        "load", "words", "sense", "see", "hear", "image", "audio", "video", "speed", "memory",
    ]  # fmt: skip


def test_each_step_tells_how_far_it_is(
    tested: tuple[SelfTest, list[StepOutcome]],
) -> None:
    found, _ = tested
    begun = [step for step, done, of in WORK if not (done or of)]
    asked = [step.step for step in found.steps if step.step not in ("sense", "hear")]
    assert [step for step in begun if step in asked] == asked
    for modality in ("image", "audio", "video"):
        assert (modality, 2, 2) in WORK
    assert any(step == "words" and done for step, done, _ in WORK)


def test_random_weights_say_words_and_draw_but_make_no_sense_and_cannot_see(
    tested: tuple[SelfTest, list[StepOutcome]],
) -> None:
    found, _ = tested
    passed = {step.step for step in found.steps if step.outcome == "passed"}
    assert passed >= {"load", "words", "image", "audio", "video", "speed"}
    assert outcome(found, "sense").outcome == "failed"
    assert (found.sees, found.hears, found.ok) == (False, None, False)
    assert "of a blue square it said" in str(outcome(found, "see").sentence)
    assert outcome(found, "hear").outcome == "not applicable"


def test_figures_are_measured(tested: tuple[SelfTest, list[StepOutcome]]) -> None:
    found, _ = tested
    assert found.load_s > 0 and found.decode_per_s > 0 and found.prefill_per_s > 0
    assert found.peak_bytes > 0 and found.needs_bytes > 0 and found.n_ctx == 512


def test_what_was_made_as_a_trial_says_so() -> None:
    made = Reply(
        made=[ArtifactReady(0, "image", "image/png", "png", b"PNG" * 500, "{}", 7, "r", 1.0)]
    )
    assert "of few steps in 2.0 s" in str(run._made(made, 2.0, True)[1])
    assert "in 2.0 s (2 kB)" in str(run._made(made, 2.0, False)[1])
    assert run._made(Reply(), 2.0, True)[0] == "failed"


def test_a_stopped_test_keeps_nothing(
    tiny_bundle: Bundle, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    cancelled, told = threading.Event(), list[StepOutcome]()

    def stop(step: StepOutcome) -> None:
        told.append(step)
        cancelled.set()

    with pytest.raises(Cancelled):
        run.self_test(tiny_bundle, on_step=stop, cancelled=cancelled)

    assert [step.step for step in told] == ["load"]
    assert not list(tmp_path.rglob("*.json"))


@pytest.mark.parametrize(
    ("said", "right", "step", "passes"),
    [
        ("It is 4.", run._FOUR, "sense", True),
        ("Four", run._FOUR, "sense", True),
        ("2 + 2 等于四。", run._FOUR, "sense", True),
        ("It is 42.", run._FOUR, "sense", False),
        ("Seven!", run._SEVEN, "hear", True),
        ("eleven", run._SEVEN, "hear", False),
    ],
)
def test_answers_are_judged_by_the_word_that_matters(
    said: str, right: object, step: str, passes: bool
) -> None:
    found, sentence = run._answered(said, right, step)  # type: ignore[arg-type]
    assert (found == "passed") == passes
    assert passes or said in str(sentence)


@pytest.mark.parametrize(
    ("said", "red"), [("The square is RED.", True), ("红色", True), ("a hundred", False)]
)
def test_colours_are_told_apart(said: str, red: bool) -> None:
    assert bool(run._RED.search(said)) is red and not run._BLUE.search(said)
    assert run._BLUE.search("It is blue.")


@pytest.mark.parametrize("said", ["", "  \n", "\ufffd\ufffd", "!!! ***", "�a word"])
def test_what_is_no_words_fails(said: str) -> None:
    assert run._says_words(said)[0] == "failed"


def test_more_memory_than_was_said_fails() -> None:
    assert run._taken(100, 100)[0] == "passed"
    assert run._taken(120, 100)[0] == "failed"


def test_a_small_world_is_not_asked_about_a_square(tiny_bundle: Bundle) -> None:
    assert run._takes(tiny_bundle, "image") and not run._takes(tiny_bundle, "audio")
    blind = msgspec.structs.replace(tiny_bundle.manifest, encoder=None, input_projection=None)
    assert not run._takes(Bundle(blind, tiny_bundle.folder), "image")


def test_the_shipped_media_are_small_and_can_be_read() -> None:
    pictures = [run._MEDIA / name for name, _, _ in run._SQUARES]
    sound = run._MEDIA / "seven.ogg"
    assert all(picture.stat().st_size < 1000 for picture in pictures)
    assert sound.stat().st_size < 8000
    assert read_audio(sound, 16_000).samples.size > 8000
