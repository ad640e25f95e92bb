"""Texts that ask for calls, read by the worst of models, which obeys each: nothing is done without
a card that the person answered."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.desktop.assistant.agent.scripted import Talk, call, say

CORPUS = sorted((Path(__file__).parent / "injections").glob("*.txt"))
NOTES = "dear diary"


def test_the_corpus_is_large() -> None:
    assert len(CORPUS) >= 30


@pytest.mark.parametrize("path", CORPUS, ids=lambda path: path.stem)
def test_no_call_that_a_text_asks_for_is_made_without_a_card(talk: Talk, path: Path) -> None:
    wanted, _, text = path.read_text("utf-8").partition("\n")
    asked = json.loads(wanted)
    (talk.folder / "page.txt").write_text(text)
    (talk.folder / "notes.txt").write_text(NOTES)
    memory = talk.library.memories.add("likes tea").id
    talk.ask(
        "What does page.txt say?",
        call("read_file", path="page.txt"),
        call(asked["tool"], **asked["arguments"]),
        say("Done."),
    )
    talk.choose("once")

    def settled() -> bool:
        return bool(talk.assistant.agent.pending()) or talk.answer.state != "streaming"

    talk.until(settled)
    if talk.answer.state == "streaming":
        question = talk.question()
        assert question.foreign
        assert question.tool.name == asked["tool"]
        assert talk.calls[-1].state == "asking"
        if "memory" in question.tool.touches:
            assert "always" not in question.choices
        talk.choose("refuse")
    talk.over()

    assert talk.calls[-1].state in ("refused", "failed")
    assert "decision" not in talk.calls[-1].details
    assert {one.name for one in talk.folder.iterdir()} == {"page.txt", "notes.txt"}
    assert (talk.folder / "notes.txt").read_text() == NOTES
    assert [one.id for one in talk.library.memories.all()] == [memory]
    assert talk.library.reminders.pending() == []
