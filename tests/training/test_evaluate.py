"""The evaluation: what is asked, how answers are judged, and the report."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from runtime.bundle import Bundle
from runtime.engine import Engine
from runtime.messages import ArtifactReady, MediaPart, Message, TextPart
from training import evaluate
from training.evaluate import oracle_accuracy, summary, table
from training.examination import Case, Result, cases, judge, oracle_of, put, write_true
from training.phrasings import HELD_OUT
from training.pocketworld.captions import canonical
from training.pocketworld.scene import SHOWN, Scene, random_scene

DIRECTIONS = {
    "text -> image", "text -> audio", "text -> video", "image -> text", "audio -> text",
    "video -> text", "audio -> image", "image -> audio", "image -> video",
    "text -> image + audio", "edit in a second turn",
}  # fmt: skip
BOAT = Scene("boat", "red", "sea", size="big", position="middle", motion="left")
SIGNATURES = {".png": b"\x89PNG", ".wav": b"RIFF", ".mp4": b"ftyp"}


def shown(scene: Scene, modality: str) -> dict[str, str]:
    return {name: getattr(scene, name) for name in SHOWN[modality]}


def question(*expected: tuple[str, dict[str, str]], direction: str = "test") -> Case:
    return Case(direction, (Message("user", (TextPart("draw it"),)),), expected, 0)


def artifact(modality: str, data: bytes, index: int = 0) -> ArtifactReady:
    return ArtifactReady(
        index=index,
        modality=modality,
        mime="",
        extension="",
        data=data,
        recipe="",
        seed=0,
        renderer="test",
        render_s=0.0,
    )


@pytest.fixture(scope="module")
def true_media(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("true")
    return {m: write_true(m, BOAT, np.random.default_rng(1), folder / m) for m in SHOWN}


def test_true_media_are_files_that_a_person_could_bring(true_media: dict[str, Path]) -> None:
    assert [path.suffix for path in true_media.values()] == [".png", ".mp4", ".wav"]
    for modality, path in true_media.items():
        assert SIGNATURES[path.suffix] in path.read_bytes()[:12]
        assert oracle_of(modality, path.read_bytes()) == shown(BOAT, modality)


def test_the_oracle_reads_true_media_right_from_their_files(tmp_path: Path) -> None:
    accuracy = oracle_accuracy(5, tmp_path)
    assert set(accuracy) == set(SHOWN)
    assert min(accuracy.values()) >= 0.98, accuracy


def test_the_right_artifact_is_marked_right(true_media: dict[str, Path]) -> None:
    for modality, path in true_media.items():
        made = artifact(modality, path.read_bytes())
        result = judge(question((modality, shown(BOAT, modality))), "Here.", [made])
        assert result.routed
        assert result.right == dict.fromkeys(SHOWN[modality], True)
        assert (result.text, result.artifacts) == ("Here.", [made])


def test_wrong_attributes_are_marked_wrong_one_by_one(true_media: dict[str, Path]) -> None:
    wanted = shown(BOAT, "image") | {"colour": "blue", "time": "night"}
    made = artifact("image", true_media["image"].read_bytes())
    result = judge(question(("image", wanted)), "", [made])
    assert result.routed
    assert {name for name, right in result.right.items() if not right} == {"colour", "time"}


@pytest.mark.parametrize("made", [[], ["audio"], ["image", "audio"]])
def test_other_artifacts_than_asked_for_are_wrong_routing(
    true_media: dict[str, Path], made: list[str]
) -> None:
    artifacts = [artifact(m, true_media[m].read_bytes(), i) for i, m in enumerate(made)]
    result = judge(question(("image", {"thing": "boat"})), "", artifacts)
    assert not result.routed
    assert result.right == {"thing": made[:1] == ["image"]}


def test_several_artifacts_are_judged_each_and_in_order(true_media: dict[str, Path]) -> None:
    asked = question(("image", {"thing": "boat"}), ("audio", {"thing": "boat", "weather": "rain"}))
    both = [artifact(m, true_media[m].read_bytes(), i) for i, m in enumerate(("image", "audio"))]
    result = judge(asked, "", both)
    assert result.routed
    assert result.right == {"0.thing": True, "1.thing": True, "1.weather": False}
    assert not judge(asked, "", both[::-1]).routed


def test_words_are_judged_by_what_they_state() -> None:
    text = f"I see {canonical(BOAT, 'image')}."
    asked = question(("text", shown(BOAT, "image")))
    result = judge(asked, text, [])
    assert result.routed
    assert all(result.right.values())
    other = judge(asked, "I see a red car on the sea.", [])
    assert {name for name, right in other.right.items() if right} == {"colour", "place"}


def test_words_with_an_artifact_that_nobody_asked_for_are_wrong_routing(
    true_media: dict[str, Path],
) -> None:
    made = artifact("image", true_media["image"].read_bytes())
    assert not judge(question(("text", {})), "I see a boat.", [made]).routed


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> list[Case]:
    return list(cases(2, tmp_path_factory.mktemp("asked")))


def test_every_direction_is_asked_as_often(asked: list[Case]) -> None:
    assert Counter(case.direction for case in asked) == dict.fromkeys(DIRECTIONS, 2)


def test_the_same_is_asked_on_every_run(asked: list[Case], tmp_path: Path) -> None:
    def words(case: Case) -> list[str]:
        return [p.text for m in case.turns for p in m.parts if isinstance(p, TextPart)]

    again = list(cases(2, tmp_path))
    assert [words(case) for case in again] == [words(case) for case in asked]
    assert [case.expected for case in again] == [case.expected for case in asked]


def test_requests_are_phrased_as_training_never_does(asked: list[Case]) -> None:
    for case in asked:
        modality = case.direction.removeprefix("text -> ")
        if modality in HELD_OUT:
            (part,) = case.turns[0].parts
            assert isinstance(part, TextPart)
            starts = [template.split("{x}")[0] for template in HELD_OUT[modality]]
            assert any(part.text.startswith(start) for start in starts), part.text


def test_given_media_are_there_and_show_what_is_expected_of_them(asked: list[Case]) -> None:
    given = 0
    for case in asked:
        for part in case.turns[0].parts:
            if isinstance(part, MediaPart):
                given += 1
                seen = oracle_of(part.modality, Path(part.path).read_bytes())
                ((_, wanted),) = case.expected
                common = set(seen) & set(wanted) - {"motion"}
                assert common
                assert {n: seen[n] for n in common} == {n: wanted[n] for n in common}
    assert given == 12


def test_an_answer_of_the_engine_is_judged(tiny_bundle: Bundle) -> None:
    turns = tuple(Message("user", (TextPart(text),)) for text in ("draw", "again"))
    wanted = tuple((m, {"thing": "boat"}) for m in ("image", "audio", "video"))
    with Engine(tiny_bundle, device="cpu", threads=1) as engine:
        result = put(engine, Case("all", turns, wanted, 1))
        missing = MediaPart("image", "nowhere.png")
        failed = put(engine, Case("broken", (Message("user", (missing,)),), wanted, 1))
    assert result.routed
    assert [a.index for a in result.artifacts] == [0, 1, 2]
    assert set(result.right) == {"0.thing", "1.thing", "2.thing"}
    assert "boat" in result.text
    assert not failed.routed
    assert not any(failed.right.values())
    assert "nowhere.png" in failed.text


def results() -> list[Result]:
    rng = np.random.default_rng(0)
    asked = [question(("image", shown(random_scene(rng), "image")), direction="a") for _ in "12"]
    first = Result(asked[0], True, {"thing": True, "colour": True})
    second = Result(asked[1], False, {"thing": True, "colour": False})
    third = Result(question(("text", {"thing": "boat"}), direction="b"), True, {"thing": False})
    return [first, second, third]


def test_the_report_counts_directions_and_attributes() -> None:
    report = summary(results(), {"image": 1.0}, "tiny", 2)
    assert json.loads(json.dumps(report)) == {
        "bundle": "tiny",
        "cases_per_direction": 2,
        "routing": pytest.approx(2 / 3),
        "oracle_on_true_media": {"image": 1.0},
        "directions": {
            "a": {
                "cases": 2,
                "routing": 0.5,
                "attributes": 0.75,
                "by_attribute": {"thing": 1.0, "colour": 0.5},
            },
            "b": {
                "cases": 1,
                "routing": 1.0,
                "attributes": 0.0,
                "by_attribute": {"thing": 0.0},
            },
        },
    }


def test_the_table_has_one_line_a_direction() -> None:
    lines = table(summary(results(), {"image": 0.995}, "tiny", 2)).splitlines()
    assert lines[0].startswith("tiny: 2 cases a direction")
    assert lines[2].split() == ["direction", "routing", "attributes", "by", "attribute"]
    assert lines[3].split() == ["a", "50%", "75.0%", "thing", "100%", "colour", "50%"]
    assert lines[4].split() == ["b", "100%", "0.0%", "thing", "0%"]
    assert lines[-2:] == ["routing, all: 66.7%", "oracle on true media: image 99.5%"]


@pytest.mark.slow
def test_a_bundle_is_evaluated_through_the_real_engine(
    tiny_bundle: Bundle, capsys: pytest.CaptureFixture[str]
) -> None:
    assert evaluate.main(bundle=str(tiny_bundle.folder), limit=1, as_json=True) == 0
    report = json.loads(capsys.readouterr().out)
    assert report["bundle"] == "tiny"
    assert set(report["directions"]) == DIRECTIONS
    assert report["routing"] == 0.0  # its answers to everything are a picture, a sound and a clip
