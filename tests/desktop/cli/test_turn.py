"""What a person sees of an answer's events."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import pytest

from desktop.cli.ask import as_json
from desktop.cli.printing.output import OutputFolder
from desktop.cli.printing.terminal import Screen, printable
from desktop.cli.turn import Answer, Interrupt, Save, run_turn, why_empty
from plugins.errors import KnownError, Problem
from runtime.messages import (
    ArtifactFailed,
    ArtifactReady,
    Event,
    Message,
    TextDelta,
    TextPart,
    ThinkingDelta,
    ThinkingDone,
    Timings,
    Turn,
    TurnDone,
    TurnFailed,
    Usage,
)

TURN = Turn(messages=(Message("user", (TextPart("draw a boat"),)),))
DONE = TurnDone(Message("assistant", ()), Usage(3, 1, 2), Timings(0, 0, 0, 0), 7, "end")


class Script:
    """Yields these events instead of running a model."""

    def __init__(self, *events: Event) -> None:
        self.events = events
        self.closed = False

    def answer(self, turn: Turn, cancelled: threading.Event) -> Iterator[Event]:
        try:
            yield from self.events
        finally:
            self.closed = True


def picture(index: int, data: bytes = b"png") -> ArtifactReady:
    return ArtifactReady(
        index, "image", "image/png", ".png", data, "{}", 5, "medley.image", 0.5, width=8, height=4
    )


def answered(script: Script, folder: Path) -> Answer:
    save = Save(OutputFolder(folder), "boat")
    return run_turn(cast(Any, script), TURN, Interrupt(), Screen(), save)


def test_words_and_files_go_to_stdout_and_warnings_to_stderr(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    script = Script(
        TextDelta("Here"),
        TextDelta(" it is"),
        picture(0),
        ArtifactFailed(1, "audio", Problem("too\nloud")),
        DONE,
    )

    answer = answered(script, tmp_path)

    captured = capsys.readouterr()
    assert captured.out == f"Here it is\npicture: {tmp_path / 'boat-1.png'} (8x4)\n"
    assert captured.err == "medley: warning: the sound could not be made: too loud\n"
    assert answer.text == "Here it is"
    assert not answer.empty


def test_artifacts_are_kept_in_the_order_in_which_they_were_asked_for(tmp_path: Path) -> None:
    answer = answered(Script(picture(1, b"second"), picture(0, b"first"), DONE), tmp_path)

    assert [path.read_bytes() for _, path in answer.artifacts] == [b"first", b"second"]


def test_a_failed_turn_is_an_error_and_ends_the_engines_stream(tmp_path: Path) -> None:
    script = Script(TextDelta("so far"), TurnFailed(Problem("the context is full; say less.")))

    with pytest.raises(KnownError, match="the context is full"):
        answered(script, tmp_path)

    assert script.closed


def test_a_file_that_cannot_be_written_stops_the_engine(tmp_path: Path) -> None:
    (tmp_path / "out").write_bytes(b"")
    script = Script(picture(0), picture(1), DONE)

    with pytest.raises(KnownError, match="cannot write there"):
        answered(script, tmp_path / "out")

    assert script.closed


def test_an_empty_answer_says_why() -> None:
    failed = Answer(failures=[ArtifactFailed(0, "image", Problem("the decoder is broken"))])

    assert "picture: the decoder is broken" in str(why_empty(failed))
    assert "without saying anything" in str(why_empty(Answer(text=" \n")))


def test_a_models_words_cannot_steer_the_terminal() -> None:
    assert printable("a\x1b[2Jb\x07\x9bc\r\n\td\N{LATIN SMALL LETTER E WITH ACUTE}") == (
        "a[2Jbc\n\td\N{LATIN SMALL LETTER E WITH ACUTE}"
    )


THOUGHT = (ThinkingDelta("Hm, "), ThinkingDelta("a boat."), ThinkingDone(1.5), TextDelta("Here."))


def test_thinking_is_not_printed_where_nobody_reads(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    answer = answered(Script(*THOUGHT, DONE), tmp_path)

    printed = capsys.readouterr()
    assert (printed.out, printed.err) == ("Here.\n", "")
    assert (answer.text, answer.thinking) == ("Here.", "Hm, a boat.")
    assert as_json(answer)["thinking"] == {"text": "Hm, a boat.", "seconds": 1.5, "cut": False}
    assert as_json(answered(Script(DONE), tmp_path))["thinking"] is None


def test_thinking_is_dim_on_a_terminal_and_apart_from_the_words(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    monkeypatch.delenv("NO_COLOR", raising=False)
    answered(Script(*THOUGHT, DONE), tmp_path)

    printed = capsys.readouterr()
    assert printed.out == "Here.\n"
    assert "\x1b[2mHm, \x1b[0m\x1b[2ma boat.\x1b[0m\n\n" in printed.err
