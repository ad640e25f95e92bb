"""What a machine offers is what its bundles' manifests say."""

from __future__ import annotations

from pathlib import Path

import pytest

from runtime.bundle.bundle import Bundle, list_bundles
from runtime.worker.remote.offers import described, offered


def test_every_bundle_is_offered_a_broken_one_with_its_reason(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    broken = tmp_path / "medley" / "bundles" / "broken"
    broken.mkdir(parents=True)
    (broken / "bundle.toml").write_text("nothing = 1")

    found = offered()

    assert [one.name for one in found.bundles] == [entry.name for entry in list_bundles()]
    pocket = found.named("pocket")
    assert pocket is not None and pocket.modalities[0] == "text" and pocket.examples
    assert found.chosen == "pocket" and found.named("nobody") is None
    wrong = found.named("broken")
    assert wrong is not None and wrong.modalities == () and "expected" in wrong.limits


def test_a_bundle_is_described_by_its_manifest(tiny_bundle: Bundle) -> None:
    about = described("mine", tiny_bundle.manifest)

    assert (about.name, about.title) == ("mine", tiny_bundle.manifest.title)
    assert about.modalities == tiny_bundle.modalities
    assert about.n_ctx == tiny_bundle.manifest.language_model.n_ctx
