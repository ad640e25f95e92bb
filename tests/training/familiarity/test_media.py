"""The measures of what a bundle knows are made by one command, read strictly, and come again."""

from __future__ import annotations

import shutil
from itertools import islice
from pathlib import Path

import numpy as np
import pytest

from runtime.bundle.bundle import Bundle
from runtime.components import load as components
from runtime.components.verify import verify_bundle
from training.dialogues.phrasings import all_held_out
from training.familiarity import media as familiarity
from training.familiarity import words as familiarity_words
from training.familiarity.logistic import fit
from training.pocket.recipe import Recipe


@pytest.fixture(scope="module")
def measured(tiny_bundle: Bundle, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A tiny bundle with measures of a few media, and what the command said."""
    folder = tmp_path_factory.mktemp("measured") / "tiny"
    shutil.copytree(tiny_bundle.folder, folder)
    told: list[str] = []
    familiarity.add_familiarity(folder, Recipe().shrunk().familiarity, say=told.append)
    return folder, "\n".join(told)


def test_a_measured_bundle_is_sound_and_says_what_was_measured(measured: tuple[Path, str]) -> None:
    folder, told = measured
    report = verify_bundle(folder)
    assert report.ok, [line for line in report.lines if line.problem]
    assert "familiarity" in {line.what for line in report.lines}
    for word in ("image: 16 known", "audio: 16 known", "video: 6 known", "words: 300 texts"):
        assert word in told
    spec = Bundle.open(folder).manifest.familiarity
    assert spec is not None
    assert set(spec.thresholds) == {"image", "audio", "video"}
    assert {"boat", "船"} <= set(spec.names["thing"])
    assert list(spec.sentences) == ["en", "zh"]


def test_measuring_again_gives_the_same_file(measured: tuple[Path, str], tmp_path: Path) -> None:
    folder, _ = measured
    shutil.copytree(folder, tmp_path / "again")
    familiarity.add_familiarity(
        tmp_path / "again", Recipe().shrunk().familiarity, say=lambda _: None
    )
    first, second = ((one / familiarity.FILE).read_bytes() for one in (folder, tmp_path / "again"))
    assert first == second


def test_a_bundle_without_the_table_has_no_measures(tiny_bundle: Bundle) -> None:
    assert components.familiarity(tiny_bundle) is None


@pytest.mark.parametrize("modality", familiarity.MODALITIES)
def test_made_up_media_differ_from_each_other_and_come_again_from_their_seed(modality: str) -> None:
    first, again = (
        [medium for medium, _ in islice(familiarity.made_up(modality, 6, 3), 6)] for _ in range(2)
    )
    for one, other in zip(first, again, strict=True):
        np.testing.assert_array_equal(one, other)
        assert np.isfinite(one.astype(np.float64)).all()
    assert len({one.tobytes() for one in first}) == 6


def test_no_text_of_the_table_is_a_held_out_phrasing() -> None:
    texts = {one.text.lower().rstrip(".!?。！？") for one in familiarity_words.examples(400, 1)}
    for language in ("en", "zh"):
        plain = {phrase for phrase in all_held_out(language) if "{" not in phrase}
        assert not texts & plain


def test_the_plain_lists_have_no_places_but_for_what_they_are_about() -> None:
    for language in ("en", "zh"):
        lists = familiarity_words.plain_list(language)
        assert set(lists) == {"plain", "about"}
        assert all("{" not in line for line in lists["plain"])
        assert all(line.count("{n}") == 1 for line in lists["about"])
        for lines in lists.values():
            assert len(lines) == len(set(lines)) >= 50


def test_logistic_regression_tells_what_can_be_told() -> None:
    rng = np.random.default_rng(0)
    features = rng.normal(size=(300, 3))
    kinds = (features[:, 0] > features[:, 1]).astype(np.int64)
    weights, bias = fit(features, kinds, 2, decay=1e-4)
    told = (features @ weights + bias).argmax(axis=1)
    assert (told == kinds).mean() > 0.98
    assert abs(weights[2]).max() < 0.1 * abs(weights[:2]).max()
