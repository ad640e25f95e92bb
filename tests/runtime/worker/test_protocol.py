"""Commands and reports survive their bytes; foreign bytes do not become one."""

from __future__ import annotations

import msgspec
import pytest

from plugins.errors import Problem
from runtime.messages import (
    ArtifactReady,
    Embedding,
    MediaPart,
    Message,
    SignalPart,
    TextPart,
    Turn,
    TurnFailed,
)
from runtime.worker.protocol import (
    Ask,
    Command,
    Embed,
    Embedded,
    EmbedFailed,
    Loading,
    Memory,
    Open,
    Ready,
    Refused,
    Render,
    Report,
    Stop,
    StopArtifact,
    TurnEvent,
    TurnStarted,
    decode_command,
    decode_report,
    encode,
)

WHY = Problem(
    "{noun} {path}: {found}",
    {"noun": Problem("picture"), "path": "a.png", "found": Problem("{n} pixels", {"n": 3})},
    "medium",
)
TURN = Turn(
    (
        Message("user", (TextPart("draw a boat"), MediaPart("image", "a.png"))),
        Message("assistant", (TextPart("here"), SignalPart("image"))),
    ),
    allowed=("text", "image"),
    parameters={"image": {"steps": 2, "guidance": 1.5}},
)
COMMANDS: list[Command] = [
    Open("pocket", "/tmp", memory_budget=2**34, suspended_plugins=("a",)),
    Ask(1, TURN),
    Render(2, "{}", seed=3, parameters={"steps": 4}),
    Embed(3, TextPart("a boat")),
    Embed(4, MediaPart("audio", "a.wav")),
    Stop(1),
    StopArtifact(1, 2),
]
PICTURE = ArtifactReady(0, "image", "image/png", ".png", b"\0png", "{}", 5, "medley.image", 0.5)
REPORTS: list[Report] = [
    Loading("encoder", 1, 2),
    Ready("pocket", "Pocket", ("text", "image"), "cpu"),
    Memory(1, None, 2),
    TurnStarted(1),
    TurnEvent(1, PICTURE, "name"),
    TurnEvent(1, TurnFailed(WHY)),
    Embedded(2, Embedding("space", b"\0\0\0\0")),
    EmbedFailed(2, WHY),
    Refused(WHY),
]


@pytest.mark.parametrize("command", COMMANDS, ids=lambda c: type(c).__name__)
def test_a_command_survives_its_bytes(command: Command) -> None:
    assert decode_command(encode(command)) == command


@pytest.mark.parametrize("report", REPORTS, ids=lambda r: type(r).__name__)
def test_a_report_survives_its_bytes(report: Report) -> None:
    assert decode_report(encode(report)) == report


@pytest.mark.parametrize(
    "data",
    [b"", b"\xc1", b"\x80", b"cos\nsystem\n", encode(Refused(WHY)), encode(Stop(1))[:-1]],
)
def test_foreign_bytes_are_no_command(data: bytes) -> None:
    with pytest.raises(msgspec.DecodeError):
        decode_command(data)


def test_a_command_is_no_report() -> None:
    with pytest.raises(msgspec.DecodeError, match="Invalid value 'stop'"):
        decode_report(encode(Stop(1)))
