"""A process that is told one thing: its reports, its last word, its end by itself or by force."""

from __future__ import annotations

import sys
import threading

import pytest

from runtime.process import task
from runtime.process.task import Ended, Task

BEGIN = """
import sys, threading, time
from runtime.process.frames import read_frame, write_frame
def say(word): write_frame(sys.stdout.buffer, word.encode())
told = read_frame(sys.stdin.buffer).decode()
"""
LAST = "over"


def run(script: str, stop_at: str = "") -> tuple[list[str], Ended[str]]:
    """Reports of a script and how it ended; it is stopped when it says `stop_at`."""
    said: list[str] = []
    ended: list[Ended[str]] = []

    def hear(word: str) -> None:
        said.append(word)
        if word == stop_at:
            process.cancel()

    process = Task(
        [sys.executable, "-c", BEGIN + script], bytes.decode, LAST.__eq__, hear, ended.append
    )
    process.start(b"go", b"stop")
    assert process.wait()
    return said, ended[0]


def test_it_is_told_and_reports_until_its_last_word() -> None:
    said, ended = run("say(told); say('half'); say('over')")

    assert said == ["go", "half"]
    assert ended == Ended("over", 0)


def test_what_follows_its_last_word_is_not_heard() -> None:
    said, ended = run("say(told); say('over'); say('more')")

    assert (said, ended.last) == (["go"], "over")


def test_its_end_without_a_last_word_is_told_with_its_code() -> None:
    assert run("say(told); sys.exit(3)") == (["go"], Ended(None, 3))


def test_its_death_in_the_middle_of_a_word_is_told() -> None:
    script = "sys.stdout.buffer.write(b'\\0\\0\\0\\x09half'); sys.stdout.flush(); sys.exit(0)"

    assert run(script) == ([], Ended(None, 0))


def test_it_is_stopped_and_says_so_itself() -> None:
    said, ended = run("say(told); say(read_frame(sys.stdin.buffer).decode()); say('over')", "go")

    assert said == ["go", "stop"]
    assert ended.last == "over"


def test_one_that_does_not_stop_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(task, "END_S", 0.1)

    said, ended = run("say(told); time.sleep(600)", "go")

    assert said == ["go"]
    assert ended.last is None and ended.code < 0


def test_a_command_that_is_not_there_is_told() -> None:
    ended: list[Ended[str]] = []
    process = Task(["/nothing/here"], bytes.decode, LAST.__eq__, print, ended.append)
    process.start(b"go", b"stop")
    process.wait()

    assert isinstance(ended[0].not_started, FileNotFoundError)


def test_one_that_still_works_is_waited_for_so_long_and_killed() -> None:
    begun = threading.Event()
    ended: list[Ended[str]] = []
    process = Task(
        [sys.executable, "-c", BEGIN + "say(told); time.sleep(600)"],
        bytes.decode, LAST.__eq__, lambda _: begun.set(), ended.append,
    )  # fmt: skip
    process.start(b"go", b"stop")
    begun.wait()

    assert not process.wait(0.01)
    process.kill()
    assert process.wait()
    assert ended[0].code < 0
