"""Answers: signal runs, modality policy, stop strings, limits, stopping.

The models are real Llamas whose weights make a greedy answer follow a path that the test chose.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from runtime.language_model.chunks import TokenChunk
from runtime.language_model.model import LanguageModel
from runtime.language_model.options import (
    AnswerEvent,
    AnswerOptions,
    Finished,
    SignalBegan,
    SignalRun,
    TextPiece,
)
from tests import tiny_llama
from tests.runtime.language_model.scripted import BEGIN, Load
from tests.tiny_llama import ids

SIGNALS = tiny_llama.signal_ids()


pytestmark = pytest.mark.usefixtures("one_thread")


def options(**changes: Any) -> AnswerOptions:
    return AnswerOptions(**{"signals": SIGNALS, "max_new_tokens": 40, **changes})


def text_of(events: Sequence[AnswerEvent]) -> str:
    return "".join(e.text for e in events if isinstance(e, TextPiece))


def runs_of(events: Sequence[AnswerEvent]) -> list[str]:
    return [e.modality for e in events if isinstance(e, SignalRun)]


def kinds(events: Sequence[AnswerEvent]) -> list[str]:
    """Event names in order, neighbouring text pieces as one."""
    names = [type(event).__name__ for event in events]
    return [n for i, n in enumerate(names) if n != "TextPiece" or names[i - 1 : i] != [n]]


def test_text_comes_piece_by_piece_and_ends_at_the_end_token(load: Load) -> None:
    events = list(load(BEGIN + "a red boat</s>").generate(options()))
    assert text_of(events) == "a red boat"
    assert len(events) > 2
    assert events[-1] == Finished("end", len(ids("a red boat")))


def test_a_character_cut_over_tokens_comes_whole(load: Load) -> None:
    assert len(ids("🚤")) == 4
    events = list(load(BEGIN + "🚤é</s>").generate(options()))
    assert [e.text for e in events if isinstance(e, TextPiece)] == ["🚤", "é"]


def test_an_incomplete_character_at_the_end_is_left_out(load: Load) -> None:
    events = list(load(BEGIN + "🚤</s>").generate(options(max_new_tokens=3)))
    assert events == [Finished("length", 3)]


def test_a_run_is_forced_whole_and_read_where_its_tokens_were_the_input(load: Load) -> None:
    # The path leaves the run after its first token; the run comes whole all the same.
    model = load(BEGIN + "a[IMG0]now</s>", "[IMG3]b</s>")
    events = list(model.generate(options()))
    assert kinds(events) == ["TextPiece", "SignalBegan", "SignalRun", "TextPiece", "Finished"]
    assert text_of(events) == "ab"
    assert events[-1] == Finished("end", 6)
    run = next(e for e in events if isinstance(e, SignalRun))
    assert run.token_ids == SIGNALS["image"]
    assert run.hidden.shape == (4, 256)
    assert run.hidden.dtype == np.float32


def test_states_of_a_run_equal_hugging_face(tmp_path: Path) -> None:
    reference = tiny_llama.random_llama(64)
    path = tiny_llama.write_gguf(reference, tmp_path / "t.gguf")
    prompt = ids("<s><user>a red boat<assistant>")
    with LanguageModel(path, n_ctx=256, n_threads=1) as model:
        model.prefill([TokenChunk(tuple(prompt))])
        events = list(model.generate(options(max_new_tokens=6, require=("video",))))
        held = [cell for cell in model.cells if isinstance(cell, int)]
    run = next(e for e in events if isinstance(e, SignalRun))
    at = held.index(SIGNALS["video"][0])
    with torch.no_grad():
        out = reference(torch.tensor([held]), output_hidden_states=True)
    states = out.hidden_states[-1][0].numpy()
    np.testing.assert_allclose(run.hidden, states[at : at + 8], atol=0.02)


def test_several_artifacts_in_one_answer(load: Load) -> None:
    model = load(BEGIN + "a[IMG0]", "[IMG3] the[AUD0]", "[AUD3]now</s>")
    events = list(model.generate(options()))
    assert runs_of(events) == ["image", "audio"]
    assert text_of(events) == "a thenow"


def test_a_run_is_completed_beyond_the_limit(load: Load) -> None:
    events = list(load(BEGIN + "a[VID0]").generate(options(max_new_tokens=2)))
    assert runs_of(events) == ["video"]
    assert events[-1] == Finished("length", 9)


def test_a_disallowed_modality_never_comes(load: Load) -> None:
    model = load(BEGIN + "a[IMG0]</s>")
    events = list(model.generate(options(allowed=frozenset({"audio", "text"}))))
    assert "image" not in runs_of(events)
    assert SIGNALS["image"][0] not in model.cells


@pytest.mark.parametrize("unwanted", ["[IMG1]", "<Img>", "</Img>", "<user>", "<s>", "<assistant>"])
def test_template_tokens_and_run_continuations_are_never_sampled(load: Load, unwanted: str) -> None:
    model = load(BEGIN + "a" + unwanted)
    prompt = len(model.cells)
    list(model.generate(options(max_new_tokens=5)))
    assert ids(unwanted)[0] not in model.cells[prompt:]


def test_the_policy_holds_at_high_temperature(load: Load) -> None:
    model = load(BEGIN + "a")
    for seed in range(3):
        prompt = model.cells
        allowed = frozenset({"audio"})
        list(model.generate(options(temperature=50.0, seed=seed, allowed=allowed)))
        new = set(model.cells[len(prompt) :])
        assert not new & {*SIGNALS["image"], *SIGNALS["video"], *ids("<Img></Img><s><user>")}
        model.prefill([TokenChunk(tuple(c for c in prompt if isinstance(c, int)))])


def test_no_more_artifacts_than_the_limit(load: Load) -> None:
    model = load(BEGIN + "[IMG0]", "[IMG3][IMG0]")
    assert runs_of(list(model.generate(options(max_artifacts=3)))) == ["image"] * 3
    model.prefill([TokenChunk(tuple(ids("<s><user>now" + BEGIN)))])
    assert runs_of(list(model.generate(options(max_artifacts=0, require=("image",))))) == []


def test_a_required_signal_is_forced_where_the_answer_would_end(load: Load) -> None:
    model = load(BEGIN + "a red</s>", "[AUD3]now</s>")
    events = list(model.generate(options(require=("audio",))))
    assert runs_of(events) == ["audio"]
    assert text_of(events) == "a rednow"
    assert events[-1] == Finished("end", len(ids("a red")) + 4 + len(ids("now")))


def test_the_likeliest_of_the_required_is_chosen(load: Load) -> None:
    model = load(BEGIN + "a</s>", BEGIN + "a</s>", "a[VID0]")
    events = list(model.generate(options(require=("image", "video"))))
    assert runs_of(events) == ["video"]


def test_a_required_signal_also_comes_at_a_stop_string_and_at_the_limit(load: Load) -> None:
    model = load(BEGIN + "a red boat</s>")
    events = list(model.generate(options(stop=(" boat",), require=("image",), max_new_tokens=9)))
    assert runs_of(events) == ["image"]
    model.prefill([TokenChunk(tuple(ids("<s><user>now" + BEGIN)))])
    events = list(model.generate(options(max_new_tokens=1, require=("image",))))
    assert runs_of(events) == ["image"]
    assert events[-1] == Finished("length", 5)


def test_nothing_is_forced_once_a_signal_came_or_when_it_is_not_allowed(load: Load) -> None:
    model = load(BEGIN + "[IMG0]", "[IMG3]</s>")
    assert runs_of(list(model.generate(options(require=("audio",))))) == ["image"]
    model.prefill([TokenChunk(tuple(ids("<s><user>now" + BEGIN)))])
    allowed = frozenset({"image"})
    events = list(model.generate(options(require=("audio",), allowed=allowed, max_artifacts=1)))
    assert runs_of(events) == ["image"]


def test_without_text_only_signals_are_told(load: Load) -> None:
    model = load(BEGIN + "a red[IMG0]", "[IMG3]boat</s>")
    events = list(model.generate(options(text_allowed=False)))
    assert kinds(events) == ["SignalBegan", "SignalRun", "Finished"]


@pytest.mark.parametrize(
    ("stop", "shown"),
    [
        ("\n###", "a red boat"),
        ("###", "a red boat\n"),
        (" boat\n#", "a red"),
        ("red boat", "a "),
        ("a", ""),
        ("##\n", "a red boat\n" + "#" * 8),
    ],
)
def test_a_stop_string_cut_over_tokens_is_never_shown(load: Load, stop: str, shown: str) -> None:
    model = load(BEGIN + "a red boat\n##")
    limit = len(ids("a red boat\n")) + 8
    events = list(model.generate(options(stop=(stop, "never"), max_new_tokens=limit)))
    assert text_of(events) == shown
    assert isinstance(events[-1], Finished)
    assert events[-1].reason == ("length" if stop == "##\n" else "end")


def test_what_only_began_like_a_stop_string_is_shown_after_all(load: Load) -> None:
    events = list(load(BEGIN + "a\n#b</s>").generate(options(stop=("\n##", "\n#c"))))
    assert text_of(events) == "a\n#b"
    events = list(load(BEGIN + "a\n#</s>").generate(options(stop=("\n##",))))
    assert text_of(events) == "a\n#"
    events = list(load(BEGIN + "a\n[IMG0]", "[IMG3]</s>").generate(options(stop=("\n##",))))
    assert kinds(events) == ["TextPiece", "SignalBegan", "SignalRun", "Finished"]
    assert text_of(events) == "a\n"


def test_stopping_is_heard_before_the_next_token(load: Load) -> None:
    model = load(BEGIN + "a red boat on the sea at night</s>")
    seen: list[AnswerEvent] = []
    for event in model.generate(options(), lambda: text_of(seen) == "a red"):
        seen.append(event)
    assert text_of(seen) == "a red"
    assert seen[-1] == Finished("stopped", len(ids("a red")))
    assert model.cells[-1] == ids("a red")[-1]


def test_an_answer_left_in_the_middle_leaves_a_cache_to_go_on_with(load: Load) -> None:
    model = load(BEGIN + "a red boat</s>")
    answer = model.generate(options())
    assert next(answer) == TextPiece("a")
    answer.close()
    assert text_of(list(model.generate(options()))) == "a red boat"


def test_an_answer_stops_where_the_context_is_full(load: Load) -> None:
    model = load("a red boat")
    model.prefill([TokenChunk((ids("a")[0],) * 250)])
    model_ids = len(model.cells)
    events = list(model.generate(options(banned=frozenset({1}))))
    assert isinstance(events[-1], Finished)
    assert events[-1].reason == "length"
    assert len(model.cells) <= 256
    assert model_ids + events[-1].new_tokens == len(model.cells)


def test_a_run_for_which_there_is_no_room_does_not_begin(load: Load) -> None:
    model = load(BEGIN + "[VID0]")
    filler = ids("a")[0]
    model.prefill([TokenChunk((filler,) * 249 + (ids(BEGIN)[0],))])
    events = list(model.generate(options(require=("video",))))
    assert events == [Finished("length", 0)]


def test_the_same_seed_gives_the_same_answer_and_another_one_another(load: Load) -> None:
    model = load(BEGIN + "a")
    prompt = [TokenChunk(tuple(ids("<s><user>now" + BEGIN)))]

    def sample(seed: int, top_p: float = 1.0) -> str:
        model.prefill(prompt)
        changes = {"temperature": 8.0, "seed": seed, "top_p": top_p, "signals": {}}
        return text_of(list(model.generate(options(**changes))))

    assert sample(1) == sample(1)
    assert sample(1) != sample(2)
    assert sample(2**32 - 1) == sample(2**32 - 1)
    assert sample(1, top_p=1e-6) == sample(2, top_p=1e-6)


def test_events_are_told_before_the_work_that_follows_them(load: Load) -> None:
    model = load(BEGIN + "[VID0]")
    answer = model.generate(options(max_new_tokens=4))
    prompt = len(model.cells)
    assert next(answer) == SignalBegan("video")
    assert len(model.cells) == prompt
    assert isinstance(next(answer), SignalRun)
    assert len(model.cells) == prompt + 8
