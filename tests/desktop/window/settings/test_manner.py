"""The dialog of a conversation's manner knows what the bundle that answers does by itself."""

from __future__ import annotations

import shutil
from pathlib import Path

from desktop.window.settings.manner import usual
from runtime.bundle.bundle import read_manifest


def test_a_bundle_says_what_it_does_by_itself(bundle_folder: Path) -> None:
    model = read_manifest(bundle_folder).language_model
    found = usual(str(bundle_folder))
    assert (found.temperature, found.n_ctx) == (model.temperature, model.n_ctx)
    assert not found.may_think


def test_a_bundle_whose_template_has_the_choice_may_think(
    bundle_folder: Path, tmp_path: Path
) -> None:
    folder = Path(shutil.copytree(bundle_folder, tmp_path / "thinker"))
    manifest = folder / "bundle.toml"
    text = manifest.read_text("utf-8")
    manifest.write_text(text.replace("[template]", '[template]\nthinking_answer_open = "<think>"'))
    assert usual(str(folder)).may_think
