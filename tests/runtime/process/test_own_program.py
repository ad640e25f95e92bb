"""How Medley's own processes are started, from source and in a frozen program."""

from __future__ import annotations

import subprocess
import sys

import pytest

from runtime.process import own_program
from runtime.process.own_program import PROCESS_ARGUMENT, be_process, process_command


def test_from_source_it_is_a_module_of_this_python() -> None:
    command = process_command("runtime.worker", "word")

    assert command == [sys.executable, "-P", "-m", "runtime.worker", "word"]


def test_a_frozen_program_has_its_engine_do_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(sys, "executable", "/opt/medley/medley")

    assert process_command("desktop.speech") == [
        "/opt/medley/medley-engine",
        PROCESS_ARGUMENT,
        "desktop.speech",
    ]


def test_the_argument_runs_the_module_with_its_words() -> None:
    script = (
        "import sys; from desktop.cli.main import main; "
        "sys.exit(main(['--process', 'runtime.components.mmproj_trial']))"
    )
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)

    # It is the trial that misses its two files.
    assert "not enough values to unpack" in ran.stderr


def test_only_processes_of_medley_are_run() -> None:
    with pytest.raises(ValueError, match="none of Medley's"):
        be_process(["http.server"])


def test_the_engine_lies_beside_the_window(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/opt/medley/medley")

    assert own_program.engine_executable() == "/opt/medley/medley-engine"
