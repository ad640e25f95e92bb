"""`medley chat` with its input from a pipe."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import pytest

from desktop.cli.chat import HELP, Conversation
from desktop.cli.printing.output import OutputFolder
from desktop.cli.printing.terminal import Screen
from plugins.errors import KnownError
from runtime.bundle.bundle import Bundle
from runtime.engine import Engine
from runtime.messages import MediaPart, TextPart
from tests.desktop.conftest import Ran, Run

Say = Callable[..., Ran]


@pytest.fixture
def say(medley: Run, bundle_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Say:
    """Type these lines, then end the input."""

    def run(*lines: str) -> Ran:
        monkeypatch.setattr("sys.stdin", io.StringIO("".join(f"{line}\n" for line in lines)))
        return medley("chat", "--bundle", bundle_folder, "--out", tmp_path / "out", "--seed", "3")

    return run


def test_a_conversation_with_a_picture_can_be_saved(
    say: Say, media: dict[str, Path], tmp_path: Path
) -> None:
    saved = tmp_path / "kept"

    ran = say(f"/image '{media['image']}'", "what is this?", "and now?", f"/save {saved}", "/quit")

    assert ran.code == 0, ran.err
    assert "Random weights for tests." in ran.out
    text = (saved / "conversation-1.md").read_text("utf-8")
    assert text.count("**You:**") == 2
    assert "what is this?" in text
    copies = {path.read_bytes() for path in saved.iterdir()}
    assert media["image"].read_bytes() in copies
    for made in (tmp_path / "out").glob("*"):
        assert made.read_bytes() in copies


def test_a_wrong_command_is_told_and_the_conversation_goes_on(say: Say, tmp_path: Path) -> None:
    ran = say("/imag x", "/image", f"/image {tmp_path}/nowhere.png", "/save", "/help")

    assert ran.code == 0
    errors = ran.err.splitlines()
    assert [line.startswith("medley: error: ") for line in errors] == [True] * 4
    assert "did you mean /image?" in errors[0]
    assert "needs a file" in errors[1]
    assert "no such file" in errors[2]
    assert "nothing to save" in errors[3]
    assert HELP in ran.out


def test_after_quit_nothing_more_is_read(say: Say) -> None:
    ran = say("/quit", "/help")

    assert HELP not in ran.out


def test_the_history_holds_media_words_and_signals_in_their_places(
    tiny_bundle: Bundle, media: dict[str, Path], tmp_path: Path
) -> None:
    with Engine(tiny_bundle) as engine:
        conversation = Conversation(engine, Screen(), OutputFolder(tmp_path / "out"), seed=3)
        conversation.command(f"/audio {media['audio']}")
        conversation.say("what is this?")

    asked, reply = conversation.messages
    assert asked.parts == (MediaPart("audio", str(media["audio"])), TextPart("what is this?"))
    assert reply.role == "assistant"
    assert reply.parts
    assert conversation.pending == []


def test_a_message_that_cannot_be_answered_leaves_the_conversation_as_it_was(
    tiny_bundle: Bundle, tmp_path: Path
) -> None:
    with Engine(tiny_bundle) as engine:
        conversation = Conversation(engine, Screen(), OutputFolder(tmp_path), seed=3)
        with pytest.raises(KnownError):
            conversation.say("far too long " * 500)

    assert conversation.messages == ()
    assert conversation.exchanges == []


def test_a_broken_file_does_not_stand_in_the_way_of_the_next_message(
    say: Say, media: dict[str, Path]
) -> None:
    media["image"].write_bytes(media["image"].read_bytes()[:60])

    ran = say(f"/image {media['image']}", "what is this?", "draw a boat")

    assert len(ran.err.splitlines()) == 1
    assert ran.err.startswith("medley: error: picture ")
    assert "picture: " in ran.out.partition("goes with your next message")[2]
