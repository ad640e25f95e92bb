"""What is sent to another computer, in which order, and what is not."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from desktop.assistant.remotes import outbox
from desktop.assistant.remotes.outbox import Outbox
from plugins.errors import Problem
from runtime.messages import MediaPart, Message, Turn
from runtime.worker.protocol import Ask, Command, Stop
from runtime.worker.remote.messages import Beat, Dropped, Piece, ToFar

WAIT_S = 60.0


class Line:
    """A connection that notes what goes over it."""

    def __init__(self) -> None:
        self.sent: list[ToFar] = []
        self.failed: list[tuple[Command, Problem | None]] = []
        self.react: Callable[[ToFar], None] = lambda message: None
        self.outbox = Outbox(self._failed)
        self._news = threading.Condition()
        threading.Thread(target=self._pump, daemon=True).start()

    def _pump(self) -> None:
        # That the connection is over is told by whoever reads from it.
        with contextlib.suppress(OSError):
            self.outbox.pump(self.send)

    def _failed(self, command: Command, problem: Problem | None) -> None:
        with self._news:
            self.failed.append((command, problem))
            self._news.notify_all()

    def send(self, message: ToFar) -> None:
        self.react(message)
        with self._news:
            self.sent.append(message)
            self._news.notify_all()

    def until(self, wanted: Callable[[], bool]) -> None:
        with self._news:
            assert self._news.wait_for(wanted, WAIT_S), self.sent

    def asked(self, turn: int) -> Ask:
        """A question, once it was sent."""
        self.until(lambda: any(isinstance(one, Ask) and one.id == turn for one in self.sent))
        return next(one for one in self.sent if isinstance(one, Ask) and one.id == turn)


def asking(turn: int, *paths: Path) -> Ask:
    parts = tuple(MediaPart("image", str(path)) for path in paths)
    return Ask(turn, Turn((Message("user", parts),)))


def pieces(line: Line) -> list[Piece]:
    return [one for one in line.sent if isinstance(one, Piece)]


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    path = tmp_path / "A Boat.PNG"
    path.write_bytes(b"boat" * 100_000)
    return path


def test_a_file_goes_before_its_question_once_and_anew_when_it_changed(picture: Path) -> None:
    line = Line()
    line.outbox.put(asking(1, picture))
    part = line.asked(1).turn.messages[0].parts[0]

    sent = pieces(line)
    assert isinstance(part, MediaPart)
    assert b"".join(piece.data for piece in sent) == picture.read_bytes() and sent[-1].last
    assert {piece.name for piece in sent} == {part.path} and part.path.endswith(".png")
    assert str(picture.parent) not in part.path and part.name == "A Boat.PNG"
    assert line.outbox.path(part.path) == str(picture)
    assert line.outbox.path("0" * 32) is None
    line.outbox.put(asking(2, picture))
    line.asked(2)
    assert pieces(line) == sent
    picture.write_bytes(b"another boat")
    line.outbox.put(asking(3, picture))
    line.asked(3)
    assert pieces(line)[len(sent) :][0].data == b"another boat"
    # What the other end could not keep is sent again.
    line.outbox.forget(pieces(line)[-1].name)
    line.outbox.put(asking(4, picture))
    line.asked(4)
    assert len(pieces(line)) == len(sent) + 2


def test_a_stop_goes_between_the_pieces_of_a_later_question(picture: Path) -> None:
    line = Line()

    def stop_first(message: ToFar) -> None:
        if isinstance(message, Piece) and not pieces(line):
            line.outbox.put(Stop(1))

    line.react = stop_first
    line.outbox.put(asking(1))
    line.asked(1)
    line.outbox.put(asking(2, picture))
    line.asked(2)

    kinds = [type(one) for one in line.sent if not isinstance(one, Beat)]
    assert kinds[:3] == [Ask, Piece, Stop] and kinds[-2:] == [Piece, Ask]


def test_a_question_that_is_stopped_while_its_file_goes_is_never_asked(picture: Path) -> None:
    line = Line()

    def stop(message: ToFar) -> None:
        if isinstance(message, Piece) and not pieces(line):
            line.outbox.put(Stop(1))

    line.react = stop
    line.outbox.put(asking(1, picture))
    line.until(lambda: bool(line.failed))

    ((command, problem),) = line.failed
    assert command == asking(1, picture) and problem is None
    kinds = [type(one) for one in line.sent if not isinstance(one, Beat)]
    assert kinds == [Piece, Dropped]


def test_a_file_that_is_gone_fails_its_question_alone(picture: Path) -> None:
    line = Line()
    gone = asking(1, picture.with_name("gone.png"))
    line.outbox.put(gone)
    line.outbox.put(asking(2))
    line.asked(2)

    ((command, problem),) = line.failed
    assert command == gone and "gone.png: expected a file that can be read" in str(problem)


def test_a_line_without_words_says_that_it_is_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outbox, "BEAT_S", 0.01)
    line = Line()

    line.until(lambda: line.sent.count(Beat()) > 2)
