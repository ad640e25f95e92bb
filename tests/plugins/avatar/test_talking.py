"""Who draws the talking face: Medley, or a plugin that is installed and switched on."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from plugins.avatar.talking import face_renderer, talking_face, talking_face_again
from plugins.bus_jobs import RenderFailed
from plugins.errors import KnownError
from plugins.manifest import discover
from plugins.media_files import read_recipe

SOUND = (0.2 * np.random.default_rng(1).standard_normal(7200)).astype(np.float32)
MANIFEST = """
name = "mirror"
version = "1.0.0"
[[renderers]]
id = "mirror.face"
modality = "avatar"
python_name = "medley_mirror:Mirror"
signal_tokens = 1
description = "Another face"
"""
CODE = """
from plugins.api import Artifact, Recipe, Renderer
from plugins.avatar.speech import speech_in

class Mirror(Renderer):
    id, version, modality = "mirror.face", "1", "avatar"

    def render(self, condition, parameters, stage):
        speech = speech_in(condition)
        if stage.seed == 13:
            raise RuntimeError("no luck")
        recipe = Recipe(self.id, "1", "avatar", self.decoder.bundle, condition, {}, stage.seed)
        return Artifact("avatar", "video/mp4", b"%d" % len(speech.samples), ".mp4", recipe)

    def condition_targets(self, captions):
        raise NotImplementedError
"""


@pytest.fixture
def mirror(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A plugin with a face of its own, as an installer leaves it."""
    (tmp_path / "medley_mirror").mkdir()
    (tmp_path / "medley_mirror/__init__.py").write_text(CODE)
    (tmp_path / "medley_mirror/medley-plugin.toml").write_text(MANIFEST)
    info = tmp_path / "medley_mirror-1.0.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: medley-mirror\nVersion: 1.0.0\n")
    (info / "entry_points.txt").write_text("[medley.plugins]\nmirror = medley_mirror\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    yield
    sys.modules.pop("medley_mirror", None)


def test_medley_draws_it_where_no_plugin_does() -> None:
    steps: list[int] = []

    made = talking_face(
        SOUND, parameters={"size": 64}, on_progress=lambda step, of, preview: steps.append(step)
    )

    assert (made.recipe.renderer, made.modality, made.width) == ("medley.avatar", "avatar", 64)
    assert steps == [*range(1, 9)]


def test_a_clip_is_made_again_from_its_file(tmp_path: Path) -> None:
    made = talking_face(SOUND, parameters={"size": 64}, seed=3)
    (tmp_path / "face.mp4").write_bytes(made.data)

    again = talking_face_again(read_recipe(tmp_path / "face.mp4"))

    assert again.data == made.data


@pytest.mark.usefixtures("mirror")
def test_a_plugin_that_is_on_draws_it_instead() -> None:
    assert face_renderer(discover()).id == "medley.avatar"
    assert face_renderer(discover({"mirror"})).id == "mirror.face"

    assert talking_face(SOUND, enabled_plugins={"mirror"}).data == b"7200"


@pytest.mark.usefixtures("mirror")
def test_what_a_plugin_does_wrong_costs_the_clip_and_nothing_else() -> None:
    with pytest.raises(RenderFailed, match="no luck"):
        talking_face(SOUND, enabled_plugins={"mirror"}, seed=13)

    assert talking_face(SOUND, enabled_plugins={"mirror"}).data == b"7200"


def test_speech_that_does_not_fit_is_told_before_anything_runs() -> None:
    with pytest.raises(KnownError, match=r"shape \[0\]"):
        talking_face(np.zeros(0, np.float32))
