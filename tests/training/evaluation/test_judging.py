"""How answers are judged."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from runtime.bundle.bundle import Bundle
from runtime.engine import Engine
from runtime.messages import ArtifactReady, MediaPart, Message, TextPart
from training.evaluation.judging import (
    Answer,
    Case,
    Expected,
    Question,
    Result,
    judge,
    oracle_of,
    put,
    write_true,
)
from training.pocketworld.captions import canonical
from training.pocketworld.scene import SHOWN, Scene

BOAT = Scene("boat", "red", "sea", size="big", position="middle", motion="left")
SIGNATURES = {".png": b"\x89PNG", ".wav": b"RIFF", ".mp4": b"ftyp"}
REPLY = Message("assistant", ())


def shown(scene: Scene, modality: str) -> dict[str, str]:
    return {name: getattr(scene, name) for name in SHOWN[modality]}


def case(*expected: Expected | None, edited: str = "") -> Case:
    said = Message("user", (TextPart("draw it"),))
    return Case("test", tuple(Question(said, one) for one in expected), 0, edited=edited)


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


def answered(text: str, *artifacts: ArtifactReady) -> Answer:
    return Answer(text, list(artifacts), REPLY)


def rights(result: Result) -> dict[str, bool]:
    return {judgement.name: judgement.right for judgement in result.judgements}


@pytest.fixture(scope="module")
def true_media(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("true")
    return {m: write_true(m, BOAT, np.random.default_rng(1), folder / m) for m in SHOWN}


def test_true_media_are_files_that_a_person_could_bring(true_media: dict[str, Path]) -> None:
    assert [path.suffix for path in true_media.values()] == [".png", ".mp4", ".wav"]
    for modality, path in true_media.items():
        assert SIGNATURES[path.suffix] in path.read_bytes()[:12]
        assert oracle_of(modality, path.read_bytes()) == shown(BOAT, modality)


def test_the_right_artifact_is_marked_right(true_media: dict[str, Path]) -> None:
    for modality, path in true_media.items():
        made = artifact(modality, path.read_bytes())
        result = judge(case(((modality, shown(BOAT, modality)),)), [answered("Here.", made)])
        assert result.routed == [True]
        assert rights(result) == dict.fromkeys(SHOWN[modality], True)
        assert result.right


def test_wrong_attributes_are_marked_wrong_one_by_one(true_media: dict[str, Path]) -> None:
    wanted = shown(BOAT, "image") | {"colour": "blue", "time": "night"}
    made = artifact("image", true_media["image"].read_bytes())
    result = judge(case((("image", wanted),)), [answered("", made)])
    wrong = {
        judgement.name: (judgement.wanted, judgement.found)
        for judgement in result.judgements
        if not judgement.right
    }
    assert wrong == {"colour": ("blue", "red"), "time": ("night", "day")}
    assert not result.right


@pytest.mark.parametrize("made", [[], ["audio"], ["image", "audio"]])
def test_other_artifacts_than_asked_for_are_wrong_routing(
    true_media: dict[str, Path], made: list[str]
) -> None:
    artifacts = [artifact(m, true_media[m].read_bytes(), i) for i, m in enumerate(made)]
    result = judge(case((("image", {"thing": "boat"}),)), [answered("", *artifacts)])
    assert result.routed == [False]
    assert rights(result) == {"thing": made[:1] == ["image"]}


def test_several_artifacts_are_judged_each_and_in_order(true_media: dict[str, Path]) -> None:
    expected = (("image", {"thing": "boat"}), ("audio", {"thing": "boat", "weather": "rain"}))
    both = [artifact(m, true_media[m].read_bytes(), i) for i, m in enumerate(("image", "audio"))]
    result = judge(case(expected), [answered("", *both)])
    assert result.routed == [True]
    assert rights(result) == {"image thing": True, "audio thing": True, "audio weather": False}
    assert judge(case(expected), [answered("", *both[::-1])]).routed == [False]


def test_words_are_judged_by_what_they_state_in_either_language() -> None:
    asked = case((("text", shown(BOAT, "image")),))
    for language in ("en", "zh"):
        result = judge(asked, [answered(f"I see {canonical(BOAT, 'image', language)}.")])
        assert result.right
    other = judge(asked, [answered("I see a red car on the sea.")])
    assert {name for name, right in rights(other).items() if right} == {"colour", "place"}


def test_an_answer_that_must_be_a_known_one_is_judged_letter_for_letter() -> None:
    asked = case((("text", {"words": "Goodbye!"}),))
    assert judge(asked, [answered("Goodbye! ")]).right
    assert not judge(asked, [answered("Bye!")]).right


def test_words_with_an_artifact_that_nobody_asked_for_are_wrong_routing(
    true_media: dict[str, Path],
) -> None:
    made = artifact("image", true_media["image"].read_bytes())
    assert judge(case((("text", {}),)), [answered("I see a boat.", made)]).routed == [False]


def test_only_what_is_expected_is_judged_and_what_never_came_is_wrong() -> None:
    wanted: Expected = (("text", {"thing": "boat"}),)
    result = judge(case(None, wanted, wanted), [answered(""), answered("a boat")])
    assert result.routed == [True, False]
    assert [(judgement.question, judgement.right) for judgement in result.judgements] == [
        (1, True),
        (2, False),
    ]


def edited(before: Scene, after: Scene, tmp_path: Path, name: str) -> Result:
    rng = np.random.default_rng(2)
    made = [
        artifact("image", write_true("image", scene, rng, tmp_path / str(i)).read_bytes())
        for i, scene in enumerate((before, after))
    ]
    wanted = shown(BOAT.with_(time="night"), "image")
    asked = case(None, (("image", wanted),), edited=name)
    return judge(asked, [answered("", one) for one in made])


def test_an_edit_changes_what_it_names_and_leaves_the_others(tmp_path: Path) -> None:
    result = edited(BOAT, BOAT.with_(time="night"), tmp_path, "time")
    assert result.changed is True
    assert result.stayed == [True] * 6


def test_an_edit_that_changes_something_else_is_found_out(tmp_path: Path) -> None:
    result = edited(BOAT, BOAT.with_(colour="green"), tmp_path, "time")
    assert result.changed is False
    assert sorted(result.stayed) == [False, *[True] * 5]


def test_a_case_without_an_edit_says_nothing_of_edits() -> None:
    result = judge(case(None), [answered("")])
    assert result.changed is None
    assert result.stayed == []


def test_media_can_be_let_go_and_the_marks_stay(true_media: dict[str, Path]) -> None:
    made = artifact("image", true_media["image"].read_bytes())
    result = judge(case((("image", {"thing": "boat"}),)), [answered("", made)])
    light = result.without_media()
    assert light.answers[0].artifacts[0].data == b""
    assert light.answers[0].shown == result.answers[0].shown
    assert light.judgements == result.judgements
    assert result.answers[0].artifacts[0].data


def test_a_conversation_is_held_with_the_engine(tiny_bundle: Bundle) -> None:
    said = [Message("user", (TextPart(text),)) for text in ("draw", "again")]
    wanted: Expected = tuple((m, {"thing": "boat"}) for m in ("image", "audio", "video"))
    questions = (Question(said[0], None), Question(said[1], wanted))
    broken = Question(Message("user", (MediaPart("image", "nowhere.png"),)), wanted)
    with Engine(tiny_bundle, device="cpu", threads=1) as engine:
        result = put(engine, Case("all", questions, 1), steps=1)
        failed = put(engine, Case("broken", (broken, questions[0]), 1), steps=1)
    assert [len(answer.artifacts) for answer in result.answers] == [3, 3]
    assert [a.index for a in result.answers[1].artifacts] == [0, 1, 2]
    assert result.routed == [True]
    assert set(rights(result)) == {"image thing", "audio thing", "video thing"}
    assert "boat" in result.answers[1].text
    assert len(failed.answers) == 1
    assert failed.routed == [False]
    assert not any(judgement.right for judgement in failed.judgements)
    assert "nowhere.png" in failed.answers[0].text
