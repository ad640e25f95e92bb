"""Captions in the formats of COCO, MSR-VTT and AudioCaps."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from training.datasets.caption_files import audiocaps, coco, msrvtt
from training.datasets.examples import BadData, Medium, Pair
from training.datasets.media_files import MediaFiles


def files(folder: Path, *names: str) -> MediaFiles:
    for name in names:
        (folder / name).write_bytes(b"x")
    return MediaFiles(folder)


def pair(folder: Path, modality: str, name: str, caption: str) -> Pair:
    return Pair(Medium(modality, str((folder / name).resolve())), caption)


def reasons(found: list[tuple[str, Any]]) -> list[str]:
    return [one.kind for _, one in found if isinstance(one, BadData)]


def test_coco(tmp_path: Path) -> None:
    data = {
        "images": [{"id": 1, "file_name": "a.jpg"}],
        "annotations": [
            {"id": 1, "image_id": 1, "caption": "a cat"},
            {"id": 2, "image_id": 9, "caption": "a dog"},
        ],
    }

    found = list(coco(data, tmp_path / "x.json", files(tmp_path, "a.jpg")))

    assert found[0] == ("annotation 0", pair(tmp_path, "image", "a.jpg", "a cat"))
    assert reasons(found) == ["missing key"]


def test_msrvtt(tmp_path: Path) -> None:
    data = {
        "videos": [{"video_id": "video1"}, {"video_id": "video2"}],
        "sentences": [
            {"sen_id": 0, "video_id": "video1", "caption": "a cat runs"},
            {"sen_id": 1, "video_id": "video2", "caption": "a dog runs"},
        ],
    }

    found = list(msrvtt(data, tmp_path / "x.json", files(tmp_path, "video1.mp4", "video2.txt")))

    assert found[0] == ("sentence 0", pair(tmp_path, "video", "video1.mp4", "a cat runs"))
    assert reasons(found) == ["missing file"]


def test_audiocaps(tmp_path: Path) -> None:
    table = tmp_path / "train.csv"
    table.write_text("audiocap_id,youtube_id,start_time,caption\n7,abc,30,rain falls\n8,,,\n")

    found = list(audiocaps(table, files(tmp_path, "abc_30.wav")))

    assert found[0] == ("row 0", pair(tmp_path, "audio", "abc_30.wav", "rain falls"))
    assert reasons(found) == ["empty"]


def test_another_table_is_refused(tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text("name,age\n")

    with pytest.raises(BadData, match="found name, age"):
        list(audiocaps(tmp_path / "x.csv", files(tmp_path)))
