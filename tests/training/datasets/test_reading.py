"""Data folders: every known form read as it is, every bad thing skipped with file and reason."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from plugins.errors import KnownError
from training.datasets.examples import (
    Dialogue,
    Exchange,
    Medium,
    Pair,
    Skipped,
    Wanted,
    media_of,
    summary,
    wanted_of,
)
from training.datasets.reading import Reading, read_folder, read_folders

MODALITIES = ("image", "audio", "video", "sketch")


def write(folder: Path, name: str, data: Any) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(data if isinstance(data, str) else json.dumps(data), "utf-8")
    return path


def touch(folder: Path, *names: str) -> None:
    for name in names:
        write(folder, name, "bytes")


def medium(folder: Path, modality: str, name: str) -> Medium:
    return Medium(modality, str((folder / name).resolve()))


def read(folder: Path) -> Reading:
    return read_folder(folder, MODALITIES)


def only(reading: Reading) -> Any:
    assert reading.skipped == []
    (found,) = reading.examples
    return found.example


def skipped(reading: Reading) -> Skipped:
    (one,) = reading.skipped
    return one


def turn(who: str, value: str, **more: str) -> dict[str, str]:
    return {"from": who, "value": value, **more}


def test_pairs_of_the_first_generation(tmp_path: Path) -> None:
    touch(tmp_path, "images/1.jpg", "clips/2.mp4", "3.wav", "4.svg")
    write(tmp_path, "pairs.json", [
        {"image_name": "1.jpg", "caption": " a red\u0000 boat "},
        {"video_id": "7", "video_name": "clips/2.mp4", "caption": "a car"},
        {"audio_name": "3.wav", "caption": "a bell"},
        {"sketch_name": "4.svg", "caption": "a circle"},
    ])  # fmt: skip

    reading = read(tmp_path)

    assert reading.skipped == []
    assert [found.example for found in reading.examples] == [
        Pair(medium(tmp_path, "image", "images/1.jpg"), "a red boat"),
        Pair(medium(tmp_path, "video", "clips/2.mp4"), "a car"),
        Pair(medium(tmp_path, "audio", "3.wav"), "a bell"),
        Pair(medium(tmp_path, "sketch", "4.svg"), "a circle"),
    ]
    assert [found.where for found in reading.examples] == [f"record {i}" for i in range(4)]


def test_a_question_about_a_picture_of_the_first_generation(tmp_path: Path) -> None:
    touch(tmp_path, "1.jpg")
    write(tmp_path, "llava.json", [{
        "id": "9", "image_name": "1.jpg", "output_modality": "text",
        "conversation": [
            turn("human", "what is it?", input_modality="image"),
            turn("gpt", "a boat", output_modality="text", caption=""),
            turn("human", "and its colour?", input_modality="text"),
            turn("gpt", "red"),
        ],
    }])  # fmt: skip

    assert only(read(tmp_path)) == Dialogue((
        Exchange((medium(tmp_path, "image", "1.jpg"),), "what is it?", ("a boat",)),
        Exchange((), "and its colour?", ("red",)),
    ))  # fmt: skip


def test_a_request_for_an_artifact_of_the_first_generation(tmp_path: Path) -> None:
    write(tmp_path, "t2x.json", [{
        "mm_name": "not-needed.svg",
        "conversation": [
            turn("human", "sketch a circle", input_modality="text"),
            turn("gpt", "here you are", caption="a red circle", output_modality="sketch"),
        ],
    }])  # fmt: skip

    found = only(read(tmp_path))

    assert found == Dialogue(
        (Exchange((), "sketch a circle", ("here you are", Wanted("sketch", "a red circle"))),)
    )
    assert wanted_of(found) == [Wanted("sketch", "a red circle")]


def test_mosit_as_published_keeps_the_persons_media(tmp_path: Path) -> None:
    touch(tmp_path, "media/i_1.jpg", "media/a_1.wav")
    write(tmp_path, "mosit.json", [{
        "image_list": [{"image_name": "i_2.jpg", "data_source": "x", "caption": "a boat at night"}],
        "audio_list": [{"audio_name": "a_2.wav", "caption": "waves"}],
        "conversation": [
            turn("human", "look <Image>i_1.jpg</Image> and hear <Audio>a_1.wav</Audio>"),
            turn("gpt", "now at night <Image>i_2.jpg</Image> with sound <Audio>a_2.wav</Audio>"),
        ],
    }])  # fmt: skip

    found = only(read(tmp_path))

    assert media_of(found) == [
        medium(tmp_path, "image", "media/i_1.jpg"),
        medium(tmp_path, "audio", "media/a_1.wav"),
    ]
    assert found.exchanges[0].text == "look and hear"
    assert found.exchanges[0].answer == (
        "now at night", Wanted("image", "a boat at night"), "with sound", Wanted("audio", "waves"),
    )  # fmt: skip


def test_the_second_generation_in_both_directions(tmp_path: Path) -> None:
    touch(tmp_path, "a.jpg", "b.jpg")
    write(tmp_path, "v15.json", [
        {"input_image": "a.jpg", "conversations": [
            turn("human", "<image>\nwhat is this?"), turn("gpt", "a boat"),
            turn("human", "<image>\nsure?"), turn("gpt", "yes"),
        ]},
        {"input_image": ["a.jpg", "b.jpg"], "conversations": [
            turn("human", "<image> or <image>"), turn("gpt", "the first"),
        ]},
        {"output_image": ["x.jpg"], "image_captions": ["a cat"],
         "image_caption_embeddings": ["x.npy"], "source_data": "y", "conversations": [
            turn("human", "draw a cat"), turn("gpt", "here: <image>"),
        ]},
    ])  # fmt: skip

    reading = read(tmp_path)

    assert reading.skipped == []
    asked, chosen, drawn = (found.example for found in reading.examples)
    assert media_of(asked) == [medium(tmp_path, "image", "a.jpg")]
    assert isinstance(asked, Dialogue) and asked.exchanges[1].text == "sure?"
    assert [Path(m.path).name for m in media_of(chosen)] == ["a.jpg", "b.jpg"]
    assert isinstance(drawn, Dialogue)
    assert drawn.exchanges[0].answer == ("here:", Wanted("image", "a cat"))


def test_captions_in_the_shape_of_coco(tmp_path: Path) -> None:
    touch(tmp_path, "val2017/0001.jpg")
    write(tmp_path, "annotations/captions_val2017.json", {
        "info": {}, "licenses": [],
        "images": [{"id": 1, "file_name": "0001.jpg"}, {"id": 2, "file_name": "x.jpg"}],
        "annotations": [
            {"id": 10, "image_id": 1, "caption": "a dog"},
            {"id": 11, "image_id": 1, "caption": "the dog"},
            {"id": 12, "image_id": 2, "caption": "nobody"},
            {"id": 13, "image_id": 3, "caption": "none"},
        ],
    })  # fmt: skip

    reading = read(tmp_path)

    dog = medium(tmp_path, "image", "val2017/0001.jpg")
    assert [f.example for f in reading.examples] == [Pair(dog, "a dog"), Pair(dog, "the dog")]
    assert [(s.where, s.kind) for s in reading.skipped] == [
        ("annotation 2", "missing file"),
        ("annotation 3", "missing key"),
    ]


def test_captions_in_the_shape_of_msrvtt(tmp_path: Path) -> None:
    touch(tmp_path, "TrainValVideo/video0.mp4")
    write(tmp_path, "videodatainfo.json", {
        "videos": [{"video_id": "video0", "url": "u", "start time": 1.0}],
        "sentences": [
            {"sen_id": 1, "video_id": "video0", "caption": "a man runs"},
            {"sen_id": 2, "video_id": "video9", "caption": "unlisted"},
        ],
    })  # fmt: skip

    reading = read(tmp_path)

    assert [f.example for f in reading.examples] == [
        Pair(medium(tmp_path, "video", "TrainValVideo/video0.mp4"), "a man runs")
    ]
    assert "video9" in skipped(reading).reason


def test_captions_in_the_shape_of_audiocaps(tmp_path: Path) -> None:
    touch(tmp_path, "audio/abc.wav", "audio/Ydef_30.flac", "audio/91.wav", "audio/Yghi.wav")
    rows = ["91,zzz,0,by number", "92,abc,30,a dog barks", "93,ghi,5,rain", "94,gone,1,lost"]
    write(tmp_path, "train.csv", "\n".join(["audiocap_id,youtube_id,start_time,caption", *rows]))

    reading = read(tmp_path)

    assert [Path(media_of(f.example)[0].path).name for f in reading.examples] == [
        "91.wav", "abc.wav", "Yghi.wav",
    ]  # fmt: skip
    assert skipped(reading).where == "row 3"
    assert "gone" in skipped(reading).reason


BAD = {
    "missing file": {"image_name": "gone.jpg", "caption": "a boat"},
    "unknown key": {"imge_name": "1.jpg", "caption": "a boat"},
    "missing key": {"caption": "a boat"},
    "wrong type": {"image_name": "1.jpg", "caption": ["a", "boat"]},
    "empty": {"image_name": "1.jpg", "caption": " \u0000 "},
    "too long": {"image_name": "1.jpg", "caption": "boat " * 10_000},
    "wrong order": {"conversation": [turn("gpt", "hello"), turn("human", "hello")]},
    "no part for it": {
        "conversation": [turn("human", "x"), turn("gpt", "y", caption="z", output_modality="smell")]
    },
}


@pytest.mark.parametrize("kind", BAD)
def test_a_bad_record_is_skipped_with_file_place_and_reason(tmp_path: Path, kind: str) -> None:
    touch(tmp_path, "1.jpg")
    good = {"image_name": "1.jpg", "caption": "a good boat"}
    path = write(tmp_path, "data.json", [good, BAD[kind]])

    reading = read(tmp_path)

    assert len(reading.examples) == 1
    bad = skipped(reading)
    assert (bad.file, bad.where, bad.kind) == (str(path), "record 1", kind)
    assert bad.reason


@pytest.mark.parametrize(
    ("record", "reason"),
    [
        (3, "expected an object, found a number"),
        ({"conversation": []}, "empty"),
        ({"conversation": "hello"}, "expected a list, found text"),
        ({"conversation": [turn("human", ""), turn("gpt", "x")]}, "a request says nothing"),
        ({"conversation": [turn("human", "x"), turn("gpt", "")]}, "an answer says nothing"),
        ({"conversation": [turn("human", "x")]}, "human and gpt in turn"),
        ({"conversations": [turn("human", "<image> ?"), turn("gpt", "x")]}, "without input_image"),
        ({"conversations": [turn("human", "x"), turn("gpt", "<image>")]}, "no caption for"),
        ({"conversation": [turn("human", "x"), {"from": "gpt", "valve": ""}]}, "mean 'value'"),
        ({"image_name": "../" * 9 + "etc/hostname", "caption": "x"}, "no file"),
        ({"image_name": "/etc/hostname", "caption": "x"}, "no file"),
        ({"image_name": "x" * 5000, "caption": "x"}, "no file"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_record_is_said(tmp_path: Path, record: Any, reason: str) -> None:
    write(tmp_path, "data.json", [record])

    assert reason in skipped(read(tmp_path)).reason


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("cut.json", '[{"caption": "a bo', "broken JSON"),
        ("deep.json", "[" * 100_000, "broken JSON"),
        ("other.json", {"hello": 1}, "unknown form"),
        ("none.json", [], "empty"),
        ("table.csv", "name,words\n1,2\n", "unknown form"),
        ("half.json", {"images": [], "annotations": 3}, "wrong type"),
    ],
)
def test_a_file_that_cannot_be_read_is_skipped_whole(
    tmp_path: Path, name: str, content: Any, kind: str
) -> None:
    path = write(tmp_path, name, content)

    bad = skipped(read(tmp_path))

    assert (bad.file, bad.where, bad.kind) == (str(path), "", kind)


def test_json_lines_are_read_one_by_one(tmp_path: Path) -> None:
    touch(tmp_path, "1.jpg")
    good = json.dumps({"image_name": "1.jpg", "caption": "a boat"})
    write(tmp_path, "data.jsonl", f"{good}\n\n{{broken\n")

    reading = read(tmp_path)

    assert [f.where for f in reading.examples] == ["line 1"]
    assert (skipped(reading).where, skipped(reading).kind) == ("line 3", "broken JSON")


def test_a_second_copy_is_skipped(tmp_path: Path) -> None:
    touch(tmp_path, "1.jpg")
    record = {"image_name": "1.jpg", "caption": "a boat"}
    write(tmp_path, "a.json", [record, {**record, "id": "other"}])

    assert skipped(read(tmp_path)).kind == "duplicate"


def test_a_name_that_two_files_have_is_not_guessed(tmp_path: Path) -> None:
    touch(tmp_path, "a/1.jpg", "b/1.jpg")
    write(tmp_path, "data.json", [{"image_name": "1.jpg", "caption": "x"}])

    assert "2 files could be 1.jpg" in skipped(read(tmp_path)).reason


def test_a_folder_without_anything_usable_is_refused_in_one_sentence(tmp_path: Path) -> None:
    write(tmp_path, "data/data.json", [{"caption": "x"}, {"image_name": "1.jpg", "caption": "x"}])
    log = tmp_path / "out" / "skipped.jsonl"

    with pytest.raises(
        KnownError, match=r"found none .1 missing key, 1 missing file; each"
    ) as said:
        read_folders([tmp_path / "data"], MODALITIES, log)

    assert "\n" not in str(said.value)
    lines = [json.loads(line) for line in log.read_text().splitlines()]
    assert [line["kind"] for line in lines] == ["missing key", "missing file"]


@pytest.mark.parametrize("name", ["empty", "gone", "file"])
def test_a_data_folder_that_is_none_is_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / "empty").mkdir()
    touch(tmp_path, "file")

    with pytest.raises(KnownError, match="data folder"):
        read_folders([tmp_path / name], MODALITIES, tmp_path / "skipped.jsonl")


def test_skipped_data_are_counted_by_kind() -> None:
    many = [Skipped("a", "", "missing file", ""), Skipped("b", "", "empty", "")] * 2
    assert summary([*many, many[0]]) == "3 missing file, 2 empty"
    assert summary([]) == "nothing"
