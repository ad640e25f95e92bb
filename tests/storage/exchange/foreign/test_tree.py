"""Entries become a tree of messages, whatever they say of each other."""

from __future__ import annotations

import random
from collections import Counter

from storage.exchange.foreign.talk import Call, Entry, LeftOut, Talk, Words
from storage.exchange.foreign.tree import manifest_of
from storage.exchange.manifest import Manifest, checked
from storage.records import Role


def entry(parent: str | None, role: Role = "user", text: str = "words") -> Entry:
    return Entry(parent, role, 5, (Words(text),) if text else ())


def made(entries: dict[str, Entry], current: str | None = None) -> tuple[Manifest | None, LeftOut]:
    left_out: LeftOut = Counter()
    talk = Talk(
        program="ChatGPT", key="1", title="t", created_ms=1, updated_ms=9, entries=entries,
        current=current,
    )  # fmt: skip
    manifest = manifest_of(talk, lambda _: None, left_out)
    return manifest and checked(manifest, "here"), left_out


def test_the_steps_of_an_answer_become_one_message() -> None:
    call = Entry("t", "assistant", 5, (Call("1", "x", "look", "{}", "found"),))
    manifest, _ = made({
        "u": entry(None), "t": entry("u", "assistant"), "c": call, "a": entry("c", "assistant"),
    })  # fmt: skip

    assert manifest is not None
    assert [len(message.parts) for message in manifest.messages] == [1, 3]


def test_what_is_hidden_leaves_no_gap_and_branches_stay() -> None:
    manifest, _ = made(
        {
            "root": entry(None, "assistant", ""),
            "u1": entry("root"),
            "u2": entry("root", text="edited"),
            "a2": entry("u2", "assistant"),
        },
        current="u1",
    )

    assert manifest is not None
    first, second, answer = manifest.messages
    assert (first.parent, second.parent, answer.parent) == (None, None, second.id)
    assert (manifest.leaf, second.chosen) == (first.id, answer.id)


def test_messages_that_follow_themselves_are_left_out() -> None:
    manifest, left_out = made({
        "u": entry(None), "a": entry("b"), "b": entry("a"), "c": entry("c"), "d": entry("lost"),
    })  # fmt: skip

    assert manifest is not None
    assert (len(manifest.messages), left_out["loop"]) == (2, 3)


def test_a_conversation_without_a_message_is_none() -> None:
    manifest, left_out = made({"root": entry(None, "assistant", "")})
    assert (manifest, left_out["empty"]) == (None, 1)


def test_a_long_chain_costs_no_depth() -> None:
    chain = {str(n): entry(str(n - 1), text="x") for n in range(50_000)}
    manifest, _ = made(chain)
    assert manifest is not None and manifest.leaf == 49_999


def test_any_tangle_makes_a_sound_conversation_or_none() -> None:
    choose = random.Random(7)
    roles: tuple[Role, ...] = ("user", "assistant")
    for _ in range(300):
        size = choose.randrange(1, 12)
        keys = [str(n) for n in range(size)]
        tangle = {
            key: entry(
                choose.choice([*keys, "lost", None]), choose.choice(roles),
                choose.choice(["", "x", "y"]),
            )
            for key in keys
        }  # fmt: skip
        made(tangle, choose.choice([*keys, "lost", None]))
