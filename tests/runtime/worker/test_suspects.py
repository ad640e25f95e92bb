"""Plugins in the engine's process: those that are on are used; one that ends it is named."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest

from plugins.switches import switch
from runtime.bundle.bundle import Bundle
from runtime.messages import ArtifactFailed, ArtifactReady, Event, TurnDone, TurnFailed
from runtime.worker.client import EngineClient
from tests import sketches
from tests.desktop.plugin_bundles import ASKED, environment, sketching, write_plugin
from tests.runtime.worker.watching import Watcher, client, gone_soon, only
from tests.sketches import measure


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where plugins are installed and what a person chose is kept."""
    sketches.install(tmp_path / "site", monkeypatch)
    given = environment(tmp_path, tmp_path / "site", sketches.EXAMPLE)
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    return tmp_path


def asked(engine: EngineClient, watcher: Watcher) -> list[Event]:
    return watcher.over(engine.ask(ASKED))


def test_a_plugin_that_is_switched_on_is_used_by_the_windows_engine(
    home: Path, captioned_bundle: Bundle
) -> None:
    watcher = Watcher()
    bundle = sketching(captioned_bundle, home / "bundle", "sketch.svg")
    with client(watcher, home / "private", bundle) as engine:
        (off,) = only(ArtifactFailed, asked(engine, watcher))
        assert "medley plugins enable sketch" in str(off.problem)

        switch("sketch", on=True)
        engine.restart()

        (made,) = only(ArtifactReady, asked(engine, watcher))
        assert made.renderer == "sketch.svg" and measure(made.data).shape == "circle"


def test_a_plugin_that_ends_the_engine_is_named_and_not_used_again(
    home: Path, captioned_bundle: Bundle
) -> None:
    write_plugin(home / "site", "boom", "ctypes.string_at(0)")
    switch("boom", on=True)
    watcher = Watcher()
    bundle = sketching(captioned_bundle, home / "bundle", "boom.svg")
    with client(watcher, home / "private", bundle) as engine:
        failed = asked(engine, watcher)[-1]
        watcher.until(lambda: watcher.phase == "down")

        assert isinstance(failed, TurnFailed) and str(failed.problem) == str(engine.state.problem)
        assert "by signal 11 (SIGSEGV) while boom.svg of the plugin boom was at work" in str(
            failed.problem
        )
        assert "`medley plugins disable boom`" in str(failed.problem)
        assert engine.state.suspended == ("boom",)

        again = asked(engine, watcher)

        assert isinstance(again[-1], TurnDone)
        (spared,) = only(ArtifactFailed, again)
        assert "boom ended the engine before" in str(spared.problem)
        assert "`medley plugins disable boom`" in str(spared.problem)
        assert [state.phase for state in watcher.states].count("down") == 1
        assert engine.state.suspended == ("boom",)


@pytest.mark.parametrize("leaves_the_session", [False, True])
def test_a_plugin_that_leaves_a_child_behind_holds_nobody_up(
    leaves_the_session: bool, home: Path, captioned_bundle: Bundle
) -> None:
    child = f"subprocess.Popen(['sleep', '1000'], start_new_session={leaves_the_session})"
    kept = f"open({str(home / 'child')!r}, 'w').write(str(child.pid))"
    write_plugin(home / "site", "parent", f"child = {child}; {kept}; os._exit(7)")
    switch("parent", on=True)
    watcher = Watcher()
    bundle = sketching(captioned_bundle, home / "bundle", "parent.svg")
    with client(watcher, home / "private", bundle) as engine:
        failed = asked(engine, watcher)[-1]
        assert isinstance(failed, TurnFailed)
        assert "with exit code 7 while parent.svg of the plugin parent was at work" in str(
            failed.problem
        )
    pid = int((home / "child").read_text())
    if leaves_the_session:
        os.kill(pid, signal.SIGKILL)
    assert gone_soon(pid)


def test_closing_ends_what_a_plugin_started_and_left(home: Path, captioned_bundle: Bundle) -> None:
    child = "subprocess.Popen(['sleep', '1000'])"
    kept = f"open({str(home / 'child')!r}, 'w').write(str(child.pid))"
    write_plugin(home / "site", "parent", f"child = {child}; {kept}; raise ValueError('no')")
    switch("parent", on=True)
    watcher = Watcher()
    bundle = sketching(captioned_bundle, home / "bundle", "parent.svg")
    with client(watcher, home / "private", bundle) as engine:
        (failed,) = only(ArtifactFailed, asked(engine, watcher))
        assert "ValueError: no" in str(failed.problem)
    assert gone_soon(int((home / "child").read_text()))
