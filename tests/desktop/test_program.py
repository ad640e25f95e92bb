"""Medley starts commands of its own, from source and in a frozen program."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from desktop.program import is_window_alone, own_command
from runtime.process.reap import Command


@pytest.fixture
def frozen(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """The folder of a frozen program whose window's executable this is."""
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(sys, "executable", str(tmp_path / "medley"))
    return tmp_path


def test_medleys_own_commands_are_started_from_source() -> None:
    code, out, _ = Command(own_command("models", "list")).wait()

    assert code == 0 and "pocket" in out
    assert not is_window_alone()


def test_a_frozen_program_has_its_engine_run_them(frozen: Path) -> None:
    assert own_command("models", "list") == [str(frozen / "medley-engine"), "models", "list"]
    assert is_window_alone()


def test_the_engines_executable_hands_nothing_over(
    frozen: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "executable", str(frozen / "medley-engine"))

    assert not is_window_alone()


def test_what_is_handed_over_is_run_in_place_of_this(tmp_path: Path) -> None:
    """In a process of its own, which the engine takes the place of."""
    engine = tmp_path / "medley-engine"
    engine.write_text('#!/bin/sh\necho "$@"\nexit 7\n')
    engine.chmod(0o755)
    script = (
        "import sys; sys.frozen = True; sys.executable = sys.argv[1]; "
        "from desktop.program import hand_over; hand_over(['ask', 'a boat'])"
    )

    ran = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path / "medley")], capture_output=True, text=True
    )

    assert (ran.stdout, ran.returncode) == ("ask a boat\n", 7)
