"""Sheets: what stands on them."""

from __future__ import annotations

import numpy as np
import pytest

from runtime.messages import ArtifactReady, MediaPart, Message, TextPart
from training.evaluation.judging import Answer, Case, Question, Result, judge, write_true
from training.evaluation.sheets.contact_sheet import choose, readme_cases
from training.evaluation.sheets.entries import STRIP, entries_of
from training.evaluation.sheets.html import page
from training.evaluation.sheets.png import WIDTH, drawn
from training.pocketworld.scene import SHOWN, Scene

BOAT = Scene("boat", "red", "sea", motion="left")


@pytest.fixture(scope="module")
def result(tmp_path_factory: pytest.TempPathFactory) -> Result:
    """A conversation about a given clip; the answers are a sound, and words with <markup>."""
    folder = tmp_path_factory.mktemp("sheet")
    rng = np.random.default_rng(1)
    true = {m: write_true(m, BOAT, rng, folder / m) for m in SHOWN}
    given = Message("user", (MediaPart("video", str(true["video"])), TextPart("让我听听")))
    then = Message("user", (TextPart("what is it?"),))
    sound = ArtifactReady(
        index=0, modality="audio", mime="", extension=".wav", data=true["audio"].read_bytes(),
        recipe="", seed=0, renderer="", render_s=0.0,
    )  # fmt: skip
    case = Case(
        "video -> audio",
        (
            Question(given, (("audio", {"thing": "boat", "weather": "rain"}),)),
            Question(then, (("text", {"thing": "boat"}),)),
        ),
        0, "zh",
    )  # fmt: skip
    reply = Message("assistant", ())
    return judge(case, [Answer("This.", [sound], reply), Answer("a <b>car</b>", [], reply)])


def test_a_conversation_has_an_entry_a_message_with_its_own_marks(result: Result) -> None:
    first, second = entries_of(result)
    assert (first.later, second.later) == (False, True)
    assert [judgement.right for judgement in first.judgements] == [True, False]
    assert [(judgement.wanted, judgement.found) for judgement in second.judgements] == [
        ("boat", "car")
    ]
    assert [len(medium.pictures) for medium in (*first.given, *first.made)] == [STRIP, 1]
    assert (first.right, second.right) == (False, False)


def test_the_page_plays_media_and_takes_words_literally(result: Result) -> None:
    html = page(list(entries_of(result)), "Title & more", "note")
    assert "data:video/mp4;base64," in html
    assert "data:audio/mpeg;base64," in html
    assert "a &lt;b&gt;car&lt;/b&gt;" in html
    assert "Title &amp; more" in html
    assert "✓ thing boat" in html
    assert "✗ weather rain (is clear)" in html
    assert "让我听听" in html
    assert "http" not in html


def test_the_picture_has_room_for_every_entry(result: Result) -> None:
    entries = list(entries_of(result))
    both, first = drawn(entries), drawn(entries[:1])
    assert both.width == first.width == WIDTH
    assert both.height > first.height
    assert len(np.unique(np.asarray(both).reshape(-1, 3), axis=0)) > 50


def test_an_answer_that_never_came_has_an_empty_entry() -> None:
    asked = Question(Message("user", (TextPart("draw"),)), (("image", {"thing": "boat"}),))
    failed = judge(Case("text -> image", (asked, asked), 0), [Answer("it broke")])
    entries = list(entries_of(failed))
    assert [entry.said for entry in entries] == ["it broke", ""]
    assert drawn(entries).height > 0


def test_talk_is_not_shown_and_the_first_of_each_kind_comes_first() -> None:
    kinds = [("plain talk", 0), ("text -> video", 1), ("text -> image", 1), ("text -> video", 0)]
    results = [Result(Case(direction, (), seed), []) for direction, seed in kinds]
    chosen = [(r.case.direction, r.case.seed) for r in choose(results, 2)]
    assert chosen == [("text -> video", 0), ("text -> image", 1)]


def test_the_documents_conversations_are_not_judged() -> None:
    cases = readme_cases(1)
    assert len(cases) == 6
    assert all(q.expected is None for case in cases for q in case.questions)
    assert isinstance(cases[0].questions[0].said.parts[0], TextPart)
