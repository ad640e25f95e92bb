"""Open WebUI's chats, and the blocks in their words."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from storage.exchange.foreign import open_webui
from storage.exchange.foreign.talk import Call, File, LeftOut, Thought, Words
from tests.storage.exchange.foreign.exports import PNG, webui_chats


def test_a_chat_has_two_answers_a_thought_and_a_call() -> None:
    left_out: LeftOut = Counter()
    (document,) = webui_chats()
    assert open_webui.fits(document)

    talk = open_webui.read(document, left_out)

    assert (talk.title, talk.system, talk.current) == ("A picture", "Be brief.", "a1")
    assert talk.entries["u1"].pieces == (
        File("", "", PNG), File("f1", "x.pdf"), Words("What is this?"),
    )  # fmt: skip
    assert talk.entries["a1"].pieces == (
        Thought("It is <small>.\nAnd red.", 4.0),
        Call("call_1", "Open WebUI", "look_up", '{"boat":"red"}', "found one"),
        Words("A boat."),
    )
    assert talk.entries["a2"].parent == "u1"


def test_a_chat_without_a_tree_is_a_line() -> None:
    chat = {"messages": [{"role": "user", "content": "a"}, {"role": "assistant", "content": "b"}]}
    talk = open_webui.read({"chat": chat}, Counter())
    assert [one.parent for one in talk.entries.values()] == [None, "0"]


def test_blocks_that_never_end_are_words_and_take_no_time() -> None:
    text = '<details type="reasoning">' * 100_000
    assert list(open_webui.pieces_of(text)) == [Words(text)]
    odd = '<details type="tool_calls" arguments="&quot;">x</details>'
    assert isinstance(next(open_webui.pieces_of(odd)), Call)


@pytest.mark.parametrize("wrong", [None, 1, "x", [1], {"a": []}, True])
def test_values_of_wrong_kinds_do_no_harm(wrong: Any) -> None:
    (document,) = webui_chats()
    message = document["chat"]["history"]["messages"]["a1"]
    for holder in (document, document["chat"], document["chat"]["history"], message):
        for name in list(holder):
            kept, holder[name] = holder[name], wrong
            open_webui.fits(document)
            open_webui.read(document, Counter())
            holder[name] = kept
