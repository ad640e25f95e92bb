"""Medley starts commands of its own, from source and in a frozen app."""

from __future__ import annotations

import sys

import pytest

from desktop.program import own_command
from runtime.process.reap import Command


def test_medleys_own_commands_are_started_from_source_and_in_a_frozen_app(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    code, out, _ = Command(own_command("models", "list")).wait()
    assert code == 0 and "pocket" in out
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    assert own_command("models", "list") == [sys.executable, "models", "list"]
