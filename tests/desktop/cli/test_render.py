"""`medley render` of a talking face: no bundle, the same bytes."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from desktop.cli import render
from desktop.cli.main import main
from desktop.cli.options import Parser
from plugins.api import Condition, Recipe
from plugins.avatar.talking import talking_face
from plugins.errors import KnownError


def test_a_talking_face_is_made_again_without_a_bundle(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    sound = (0.2 * np.random.default_rng(1).standard_normal(7200)).astype(np.float32)
    made = talking_face(sound, parameters={"size": 64}, seed=4)
    file = tmp_path / "face.mp4"
    file.write_bytes(made.data)

    assert main(["render", str(file), "--out", str(tmp_path / "out"), "--json"]) == 0

    told = json.loads(capsys.readouterr().out)
    assert Path(told["path"]).read_bytes() == made.data


def test_a_change_keeps_the_picture_in_its_recipe(tmp_path: Path) -> None:
    file = tmp_path / "boat.png"
    file.write_bytes(b"a picture")
    recipe = Recipe("medley.image", "1", "image", "b", Condition(caption="a boat"), {"steps": 2}, 7)
    parser = Parser()
    render.add_arguments(parser)

    def changed(*words: str) -> Recipe:
        return render._changed(recipe, file, parser.parse_args([str(file), *words]))

    assert changed() is recipe
    found = changed("--change", "a ship", "--strength", "0.5", "--mask", str(file))
    assert found.condition == Condition(None, "a ship", b"a picture", b"a picture")
    assert (found.parameters, found.seed) == ({"steps": 2, "strength": 0.5}, 7)
    with pytest.raises(KnownError, match="expected --change"):
        changed("--strength", "0.5")
