"""How the engine's process begins and ends: broken bundles, closing, restarting, orphans."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import threading
from pathlib import Path

import psutil
import pytest

from plugins.errors import BugError, Problem
from runtime.bundle.bundle import find_bundle
from runtime.messages import TurnFailed
from runtime.worker.client import EngineState
from tests.runtime.worker.watching import WAIT_S, Watcher, client, drawing, gone_soon

HEAVY = ("torch", "llama_cpp", "diffusers", "transformers", "numpy", "PySide6")


def test_a_bundle_that_was_changed_is_not_opened(tmp_path: Path) -> None:
    folder = tmp_path / "broken"
    shutil.copytree(find_bundle("pocket"), folder)
    (folder / "llm.gguf").write_bytes(b"GGUF, or so it says")
    watcher = Watcher()
    with client(watcher, tmp_path / "private", folder) as broken:
        failed = watcher.over(broken.ask(drawing()))[-1]
        watcher.until(lambda: watcher.phase == "down")

        assert isinstance(failed, TurnFailed)
        assert str(failed.problem) == str(broken.state.problem)
        assert "llm.gguf" in str(failed.problem) and "Install the bundle again" in str(
            failed.problem
        )

    assert watcher.states[-1] == EngineState()
    with pytest.raises(BugError, match="closed"):
        broken.start()


def test_closing_fails_what_is_open_and_leaves_nothing(tmp_path: Path) -> None:
    watcher, before = Watcher(), threading.enumerate()
    closed = client(watcher, tmp_path)
    turn = closed.ask(drawing())
    (closed.media_folder() / "a.png").write_bytes(b"png")
    watcher.until(lambda: any(state.loading for state in watcher.states))
    pid = closed.pid or 0

    closed.close()
    closed.close()

    assert watcher.events[turn] == [
        TurnFailed(Problem("the engine was stopped before this was finished. Ask again."))
    ]
    assert watcher.states[-1] == EngineState()
    assert threading.enumerate() == before
    assert not psutil.pid_exists(pid)
    assert list(tmp_path.iterdir()) == []


def test_a_client_that_was_never_used_closes(tmp_path: Path) -> None:
    watcher = Watcher()

    client(watcher, tmp_path).close()

    assert watcher.states == []


def test_restarting_ends_what_runs_and_starts_another(tmp_path: Path) -> None:
    watcher = Watcher()
    with client(watcher, tmp_path, tmp_path / "nothing") as engine:
        engine.start()
        watcher.until(lambda: watcher.phase == "down")

        engine.restart()

        watcher.until(lambda: [s.phase for s in watcher.states].count("down") == 2)
        assert "no bundle" in str(engine.state.problem)


PARENT = """
import sys, time
from runtime.worker.client import EngineClient
from runtime.messages import Message, Sampling, TextDelta, TextPart, Turn, TurnFailed

def on_event(turn, event):
    if isinstance(event, TurnFailed):
        sys.exit(str(event.problem))
    if isinstance(event, TextDelta):
        print(client.pid, sorted(set({heavy}) & set(sys.modules)), flush=True)

client = EngineClient(
    "pocket", device="cpu", threads=1, on_event=on_event, on_state=lambda state: None
)
message = Message("user", (TextPart("draw a boat"),))
sampling = Sampling(temperature=9.0, max_new_tokens=1500)
client.ask(Turn((message,), allowed=("text",), seed=3, sampling=sampling))
time.sleep({wait})
"""


def test_the_worker_dies_with_its_parent_which_imports_nothing_heavy(tmp_path: Path) -> None:
    parent = subprocess.Popen(
        [sys.executable, "-c", PARENT.format(heavy=HEAVY, wait=WAIT_S)],
        stdout=subprocess.PIPE,
        env={**os.environ, "TMPDIR": str(tmp_path)},
        text=True,
    )
    assert parent.stdout is not None
    pid, _, heavy = parent.stdout.readline().partition(" ")

    parent.kill()
    parent.communicate(timeout=WAIT_S)

    assert heavy.strip() == "[]"
    assert gone_soon(int(pid))
