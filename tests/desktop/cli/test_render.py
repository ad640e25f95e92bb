"""`medley render` of a talking face: no bundle, the same bytes."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from desktop.cli.main import main
from plugins.avatar.talking import talking_face


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
