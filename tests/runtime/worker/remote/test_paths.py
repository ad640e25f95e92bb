"""Every file that a command names is renamed, wherever it stands."""

from __future__ import annotations

import msgspec

from runtime.messages import MediaPart, Message, TextPart, ToolResultPart, Turn
from runtime.worker.protocol import Ask, Command, Embed, Prepare, Stop
from runtime.worker.remote.paths import renamed

PICTURE = MediaPart("image", "a.png", "mine")


def other(part: MediaPart) -> MediaPart:
    return msgspec.structs.replace(part, path=f"/there/{part.path}")


def turn(part: MediaPart) -> Turn:
    result = ToolResultPart("1", "look", "seen", media=(part,))
    return Turn((
        Message("user", (part, TextPart("a.png"))),
        Message("assistant", (result,)),
    ), seed=3)  # fmt: skip


def test_media_are_renamed_in_messages_results_and_embeddings() -> None:
    there = other(PICTURE)

    assert renamed(Ask(1, turn(PICTURE), "b"), other) == Ask(1, turn(there), "b")
    assert renamed(Prepare(1, turn(PICTURE)), other) == Prepare(1, turn(there))
    assert renamed(Embed(1, PICTURE), other) == Embed(1, there)


def test_commands_without_media_stay_as_they_are() -> None:
    same: list[Command] = [Prepare(1, None), Embed(1, TextPart("a.png")), Stop(1)]

    assert [renamed(one, other) for one in same] == same
