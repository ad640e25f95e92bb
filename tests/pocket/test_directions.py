"""Pocket does every one of the things that it is there for.

What people say is worded as in the README; media are true renderings of Pocketworld. Whether an
answer is right is judged over five cases, of which three must be: `medley evaluate` measures how
often, this only that it works.
"""

from __future__ import annotations

import io
import wave
from pathlib import Path

import cv2
import numpy as np
import pytest

from plugins.api import Recipe
from runtime.bundle.bundle import Bundle
from runtime.engine import Engine
from runtime.messages import ArtifactReady, MediaPart, Message
from tests.pocket.conftest import JUDGED, Answer, ask, said
from training.evaluation.judging import oracle_of, write_true
from training.pocketworld.captions import read_caption
from training.pocketworld.scene import SHOWN, Scene

BOAT = Scene("boat", "red", "sea", time="night")
CASES = (
    BOAT,
    Scene("bell", "yellow", "sand", motion="left"),
    Scene("car", "blue", "grass", motion="right"),
    Scene("frog", "green", "grass", weather="rain", motion="left"),
    Scene("drum", "white", "sand", time="sunset", motion="up"),
)
BOTH = ("thing", "colour", "place", "time", "weather")
"""What pictures and clips both show."""
ENOUGH = 3
"""Of five."""
PIXELS, FRAMES, FPS, RATE, SECONDS = 256, 8, 4, 16_000, 2.048


def given(modality: str, scene: Scene, folder: Path) -> MediaPart:
    """A true picture, sound or clip of the scene, as a file."""
    path = folder / f"{modality}-{scene.thing}"
    return MediaPart(modality, str(write_true(modality, scene, np.random.default_rng(3), path)))


def assert_opens(artifact: ArtifactReady, folder: Path) -> None:
    """A decoder that Medley does not use finds what the message says."""
    {"image": _picture_opens, "audio": _sound_opens, "video": _clip_opens}[artifact.modality](
        artifact, folder
    )


def _picture_opens(artifact: ArtifactReady, _: Path) -> None:
    assert (artifact.mime, artifact.extension) == ("image/png", ".png")
    pixels = cv2.imdecode(np.frombuffer(artifact.data, np.uint8), cv2.IMREAD_UNCHANGED)
    assert pixels.shape == (PIXELS, PIXELS, 3) == (artifact.height, artifact.width, 3)
    assert pixels.std() > 1


def _sound_opens(artifact: ArtifactReady, _: Path) -> None:
    assert (artifact.mime, artifact.extension) == ("audio/wav", ".wav")
    with wave.open(io.BytesIO(artifact.data)) as sound:
        assert (sound.getnchannels(), sound.getsampwidth()) == (1, 2)
        assert sound.getframerate() == RATE
        seconds = sound.getnframes() / RATE
        samples = np.frombuffer(sound.readframes(sound.getnframes()), "<i2")
    assert seconds == pytest.approx(SECONDS, abs=0.05)
    assert seconds == pytest.approx(artifact.duration_s, abs=0.001)
    assert samples.std() > 1


def _clip_opens(artifact: ArtifactReady, folder: Path) -> None:
    assert (artifact.mime, artifact.extension) == ("video/mp4", ".mp4")
    path = folder / "opened.mp4"
    path.write_bytes(artifact.data)
    capture = cv2.VideoCapture(str(path))
    frames = []
    while (read := capture.read())[0]:
        frames.append(read[1])
    rate = capture.get(cv2.CAP_PROP_FPS)
    capture.release()
    assert (len(frames), rate) == (FRAMES, FPS)
    assert frames[0].shape == (PIXELS, PIXELS, 3) == (artifact.height, artifact.width, 3)
    assert artifact.duration_s == pytest.approx(FRAMES / FPS)
    assert np.stack(frames).std() > 1


def made(answer: Answer, folder: Path, *modalities: str) -> list[ArtifactReady]:
    """The artifacts of an answer that must hold exactly these, all of them readable files."""
    assert answer.modalities == list(modalities), answer.text
    for artifact in answer.artifacts:
        assert_opens(artifact, folder)
    return answer.artifacts


def right(artifact: ArtifactReady, **attributes: str) -> bool:
    """Whether the file shows these, measured."""
    shown = oracle_of(artifact.modality, artifact.data)
    return all(shown[name] == value for name, value in attributes.items())


@pytest.mark.parametrize(
    ("words", "modality", "stated"),
    [
        ("draw a red boat on the sea at night", "image", {"thing": "boat", "time": "night"}),
        ("play the sound of a bell", "audio", {"thing": "bell"}),
        (
            "show a clip of a yellow car moving left",
            "video",
            {"colour": "yellow", "place": "grass"},
        ),
    ],
)
def test_what_is_asked_for_is_made(
    words: str, modality: str, stated: dict[str, str], engine: Engine, tmp_path: Path
) -> None:
    answers = [ask(engine, said(words), seed=seed, steps=JUDGED) for seed in range(5)]

    files = [made(answer, tmp_path, modality)[0] for answer in answers]
    assert sum(right(file, **stated) for file in files) >= ENOUGH
    assert {answer.text for answer in answers} == {answers[0].text}
    assert read_caption(words).items() <= read_caption(answers[0].text).items()


def often_right(answers: list[str], names: tuple[str, ...]) -> bool:
    """Whether every attribute is stated right in enough of the five cases."""
    return all(
        sum(
            read_caption(answer).get(name) == getattr(scene, name)
            for answer, scene in zip(answers, CASES, strict=True)
        )
        >= ENOUGH
        for name in names
    )


@pytest.mark.parametrize(
    ("modality", "words", "names"),
    [
        ("image", "what is in this picture?", SHOWN["image"]),
        ("audio", "what is in this sound?", ("thing", "weather")),
        ("video", "what is in this clip?", SHOWN["video"]),
    ],
)
def test_what_is_shown_is_told_in_words(
    modality: str, words: str, names: tuple[str, ...], engine: Engine, tmp_path: Path
) -> None:
    answers = []
    for scene in CASES:
        answer = ask(engine, said(words, given(modality, scene, tmp_path)))
        assert made(answer, tmp_path) == []
        answers.append(answer.text)

    assert often_right(answers, names)


@pytest.mark.parametrize(
    ("source", "words", "target", "names"),
    [
        ("audio", "draw what you hear", "image", ("thing", "weather")),
        ("image", "what would this picture sound like?", "audio", ("thing", "weather")),
        ("image", "make this picture move", "video", BOTH),
    ],
)
def test_a_medium_becomes_another_about_the_same_scene(
    source: str, words: str, target: str, names: tuple[str, ...], engine: Engine, tmp_path: Path
) -> None:
    answers = []
    for scene in CASES:
        answer = ask(engine, said(words, given(source, scene, tmp_path)))
        made(answer, tmp_path, target)
        answers.append(answer.text)

    assert often_right(answers, names)


def test_a_picture_and_a_sound_come_in_one_reply(engine: Engine, tmp_path: Path) -> None:
    answer = ask(engine, said("show me a big green frog on the grass and let me hear it"))

    made(answer, tmp_path, "image", "audio")
    assert read_caption(answer.text)["thing"] == "frog"


def test_a_second_turn_changes_what_the_first_one_made(engine: Engine, tmp_path: Path) -> None:
    first = said("draw a red boat on the sea")
    by_day = ask(engine, first)
    conversation: tuple[Message, ...] = (first, by_day.reply, said("now at night"))
    answers = [ask(engine, *conversation, seed=seed, steps=JUDGED) for seed in range(5)]

    made(by_day, tmp_path, "image")
    files = [made(answer, tmp_path, "image")[0] for answer in answers]
    assert read_caption(by_day.text)["time"] == "day"
    wanted = {"thing": "boat", "colour": "red", "place": "sea", "time": "night"}
    assert wanted.items() <= read_caption(answers[0].text).items()
    assert sum(right(file, time="night") for file in files) >= ENOUGH


def test_the_same_seed_makes_the_same_files_in_a_fresh_engine_and_from_their_recipes(
    engine: Engine, pocket: Bundle, tmp_path: Path
) -> None:
    def files(other: Engine, seed: int) -> list[ArtifactReady]:
        spoken = [
            said("show me a red boat on the sea and let me hear it"),
            said("make this picture move", given("image", BOAT, tmp_path)),
        ]
        return [made for words in spoken for made in ask(other, words, seed=seed).artifacts]

    first = files(engine, 7)
    with Engine(pocket, device="cpu") as fresh:
        again = [fresh.rerender(Recipe.from_json(artifact.recipe)) for artifact in first]
        second = files(fresh, 7)

    assert [artifact.modality for artifact in first] == ["image", "audio", "video"]
    assert [artifact.data for artifact in second] == [artifact.data for artifact in first]
    assert [artifact.data for artifact in again] == [artifact.data for artifact in first]
    assert all(a.data != b.data for a, b in zip(first, files(engine, 8), strict=True))
