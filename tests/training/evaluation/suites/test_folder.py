"""A person's own captioned media as a suite."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from plugins.errors import KnownError
from runtime.bundle.bundle import Bundle
from runtime.engine import Engine
from tests.runtime.making_media import write_picture
from training.evaluation.scores import Measure
from training.evaluation.session import EvaluationRun
from training.evaluation.suites.folder import Sample, measures, samples_in


@pytest.fixture
def coco(tmp_path: Path) -> Path:
    """Three pictures with captions, and one that is missing."""
    first = write_picture(tmp_path / "1.png")
    for number in (2, 3):
        shutil.copyfile(first, tmp_path / f"{number}.png")
    data = {
        "images": [{"id": n, "file_name": f"{n}.png"} for n in (1, 2, 3, 4)],
        "annotations": [
            {"id": 10 * n + i, "image_id": n, "caption": f"a {thing} number {n}"}
            for n in (1, 2, 3, 4)
            for i, thing in enumerate(("ramp", "slope"))
        ],
    }
    (tmp_path / "captions.json").write_text(json.dumps(data))
    return tmp_path


def test_all_captions_of_a_medium_belong_to_one_sample(coco: Path) -> None:
    samples, notes = samples_in(coco, 2)
    assert samples == [
        Sample("image", coco / f"{n}.png", (f"a ramp number {n}", f"a slope number {n}"))
        for n in (1, 2)
    ]
    assert notes == ["skipped in the data: 2 missing file"]


def test_a_folder_without_captions_is_refused(tmp_path: Path) -> None:
    with pytest.raises(KnownError, match="expected captions of pictures, sounds or clips"):
        samples_in(tmp_path, 5)
    with pytest.raises(KnownError, match="expected a folder"):
        samples_in(tmp_path / "nowhere", 5)


def test_both_directions_are_measured(coco: Path, tiny_bundle: Bundle, tmp_path: Path) -> None:
    samples, _ = samples_in(coco, 3)
    (coco / "3.png").write_bytes(b"no picture")
    folder = tmp_path / "work"
    folder.mkdir()
    ticks: list[int] = []
    with Engine(tiny_bundle, device="cpu", threads=1) as engine:
        session = EvaluationRun(engine, folder, 1, 1, lambda: ticks.append(1))
        found = list(measures(session, samples))
    assert len(ticks) == 2 * len(samples)
    scores = {one.name: one for one in found if isinstance(one, Measure)}
    assert {"BLEU-4", "METEOR", "CIDEr"} == set(scores)
    assert scores["CIDEr"].n == 2
    said = [one for one in found if isinstance(one, str)]
    assert any("3.png" in one for one in said)
    # Everything this bundle answers is a picture, a sound and a clip: never the picture alone.
    assert said[-1] == "text -> image: 0 made of 3 asked for, too few to measure"
