"""One way to open an engine: every program that answers uses it, with the person's plugins."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from plugins.errors import KnownError
from plugins.switches import switch
from runtime.bundle.bundle import Bundle
from runtime.messages import (
    ArtifactFailed,
    ArtifactReady,
    MediaPart,
    MediumRead,
    Message,
    TextPart,
    Turn,
)
from runtime.opening import EngineOptions, open_engine
from tests import sketches
from tests.desktop.plugin_bundles import ASKED, sketching, without_eyes
from tests.runtime.making_media import write_picture

ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sketches.install(tmp_path / "site", monkeypatch)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))


def outcomes(options: EngineOptions) -> list[str]:
    """What became of the sketch that is asked for."""
    with open_engine(options) as engine:
        events = list(engine.answer(ASKED))
    return [
        event.renderer if isinstance(event, ArtifactReady) else str(event.problem)
        for event in events
        if isinstance(event, ArtifactReady | ArtifactFailed)
    ]


def test_plugins_that_the_person_switched_on_are_used(
    captioned_bundle: Bundle, tmp_path: Path
) -> None:
    folder = sketching(captioned_bundle, tmp_path / "bundle", "sketch.svg")
    options = EngineOptions(folder, device="cpu", threads=1)
    assert "medley plugins enable sketch" in outcomes(options)[0]
    switch("sketch", on=True)
    assert outcomes(options) == ["sketch.svg"]
    assert outcomes(EngineOptions(Bundle.open(folder), device="cpu")) == ["sketch.svg"]
    suspended = EngineOptions(folder, device="cpu", suspended_plugins=("sketch",))
    assert "sketch ended the engine before" in outcomes(suspended)[0]
    none = EngineOptions(folder, device="cpu", enabled_plugins=())
    assert "medley plugins enable sketch" in outcomes(none)[0]


def test_whoever_watches_learns_whose_code_runs(captioned_bundle: Bundle, tmp_path: Path) -> None:
    folder = sketching(captioned_bundle, tmp_path / "bundle", "sketch.svg")
    switch("sketch", on=True)
    heard: list[tuple[str, str]] = []
    options = EngineOptions(folder, device="cpu", threads=1)
    with open_engine(options, on_work=lambda what, plugin: heard.append((what, plugin))) as engine:
        list(engine.answer(ASKED))
    assert set(heard) == {("sketch.svg", "sketch"), ("", "")}
    assert heard[-1] == ("", "")


def test_a_reader_is_named_while_it_works_and_not_used_when_it_is_suspended(
    captioned_bundle: Bundle, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    info = tmp_path / "site" / "medley_colours-1.0.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: medley-colours\nVersion: 1.0.0\n")
    (info / "entry_points.txt").write_text("[medley.plugins]\ncolours = medley_colours\n")
    monkeypatch.syspath_prepend(str(ROOT / "examples" / "medley-colours"))
    switch("colours", on=True)
    folder = without_eyes(captioned_bundle, tmp_path / "bundle")
    picture = MediaPart("image", str(write_picture(tmp_path / "ramp.png")))
    turn = Turn((Message("user", (picture, TextPart("what is it?"))),), allowed=("text",))
    heard: list[tuple[str, str]] = []

    def read(options: EngineOptions) -> MediumRead:
        with open_engine(options, on_work=lambda *who: heard.append(who)) as engine:
            return next(e for e in engine.answer(turn) if isinstance(e, MediumRead))

    assert any(
        found.source == "colours.shares"
        for found in read(EngineOptions(folder, device="cpu", threads=1)).observations
    )
    at = heard.index(("colours.shares", "colours"))
    assert heard[at + 1] == ("", "")
    suspended = EngineOptions(folder, device="cpu", suspended_plugins=("colours",))
    assert any("colours ended the engine before" in str(said) for said in read(suspended).problems)


def test_no_bundle_of_that_name_is_told() -> None:
    with pytest.raises(KnownError, match="no bundle 'nothing'"):
        open_engine(EngineOptions("nothing"))


def test_nothing_but_the_opening_makes_an_engine() -> None:
    makers = {
        path.relative_to(ROOT).as_posix()
        for folder in ("benchmarks", "desktop", "plugins", "runtime", "training")
        for path in (ROOT / folder).rglob("*.py")
        if any(
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Name)
            and node.func.id == "Engine"
            for node in ast.walk(ast.parse(path.read_text("utf-8")))
        )
    }
    assert makers == {"runtime/opening.py"}
