"""LM Studio's versions and steps."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from storage.exchange.foreign import lm_studio
from storage.exchange.foreign.talk import Call, File, LeftOut, Thought, Words
from tests.storage.exchange.foreign.exports import lm_conversation


def test_versions_are_branches_and_steps_are_pieces() -> None:
    left_out: LeftOut = Counter()
    document = lm_conversation()
    assert lm_studio.fits(document)

    talk = lm_studio.read(document, left_out)

    asked, first, second = talk.entries
    assert (talk.title, talk.system, talk.current) == ("Harbour", "Be kind.", second)
    assert talk.entries[asked].pieces == (
        Words("What is here?"), File("1726 - 431.png", "1726 - 431.png"),
    )  # fmt: skip
    assert talk.entries[first].parent == talk.entries[second].parent == asked
    assert talk.entries[second].pieces == (
        Thought("It is a boat.", 2.5),
        Call(
            "77", "lmstudio/js-code-sandbox", "run_javascript", '{"code":"1+1"}', '{"stdout":"2"}'
        ),
        Words("A boat."),
    )
    assert not left_out


def test_other_words_are_another_conversation() -> None:
    document = lm_conversation()
    before = set(lm_studio.read(document, Counter()).entries)
    document["messages"][0]["versions"][0]["content"][0]["text"] = "And here?"
    assert set(lm_studio.read(document, Counter()).entries) != before


@pytest.mark.parametrize("wrong", [None, 1, -5, "x", [1], {"a": []}, True])
def test_values_of_wrong_kinds_do_no_harm(wrong: Any) -> None:
    document = lm_conversation()
    answer = document["messages"][1]
    step = answer["versions"][1]["steps"][0]
    for holder in (document, answer, answer["versions"][1], step, step["content"][0]):
        for name in list(holder):
            kept, holder[name] = holder[name], wrong
            lm_studio.fits(document)
            lm_studio.read(document, Counter())
            holder[name] = kept
