"""`medley train align` hands over what was typed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import training.align.run
from desktop.cli.train import align
from tests.desktop.conftest import Run, error_line
from training.align.settings import Settings

NEEDED = ("--language-model", "chat.gguf", "--renderer", "a", "--data", "d", "--out", "runs/mine")


@pytest.fixture
def handed_over(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Settings, dict[str, Any]]]:
    """What training was called with; it does nothing and reports 7."""
    seen: list[tuple[Settings, dict[str, Any]]] = []

    def main(settings: Settings, **given: Any) -> int:
        seen.append((settings, given))
        return 7

    monkeypatch.setattr(training.align.run, "main", main)
    monkeypatch.setattr(align, "enabled_plugins", lambda: frozenset({"sketch"}))
    return seen


def test_the_least_that_can_be_said(
    medley: Run, handed_over: list[tuple[Settings, dict[str, Any]]]
) -> None:
    assert medley("train", "align", *NEEDED).code == 7

    ((settings, given),) = handed_over
    assert settings == Settings("chat.gguf", ("a",), ("d",), name="mine")
    assert given == {
        "out": Path("runs/mine"), "resume": False, "device": "auto", "stage": 4,
        "enabled_plugins": {"sketch"},
    }  # fmt: skip


def test_everything_that_can_be_said(
    medley: Run, handed_over: list[tuple[Settings, dict[str, Any]]]
) -> None:
    more = "--encoder e --renderer b=c --data f --name n --template t --signals image=8"
    more += " --signals Sketch=2 --steps 5 --batch 3 --stage 2 --resume --device cpu"
    medley("train", "align", *NEEDED, *more.split())

    ((settings, given),) = handed_over
    assert settings == Settings(
        "chat.gguf", ("a", "b=c"), ("d", "f"), encoder="e", name="n", template="t", steps=5,
        batch=3, signals={"image": 8, "sketch": 2},
    )  # fmt: skip
    assert (given["resume"], given["device"], given["stage"]) == (True, "cpu", 2)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "--language-model"),
        ((*NEEDED, "--stage", "5"), "stage"),
        ((*NEEDED, "--signals", "image"), "KIND=N"),
        ((*NEEDED, "--signals", "image=0"), "from 1"),
        ((*NEEDED, "--steps", "0"), "from 1"),
        ((*NEEDED, "--rendrer", "a"), "did you mean '--renderer'"),
    ],
)
def test_a_command_line_that_does_not_fit_is_refused(
    medley: Run, words: tuple[str, ...], said: str
) -> None:
    assert said in error_line(medley("train", "align", *words))
