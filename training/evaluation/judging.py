"""Puts questions to a bundle and judges the answers.

A question is a conversation with what its answers must show; it goes through the real engine with
real files, and the judge is Pocketworld's oracle, which measures pixels, spectra and motion. Knows
the engine and the oracle; makes up no questions (`questions` does) and trains nothing.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import av
import msgspec
import numpy as np
import soundfile
from numpy.typing import NDArray
from PIL import Image

from plugins.api import ParameterValue
from runtime.engine import Engine
from runtime.messages import (
    ArtifactReady,
    Message,
    TextDelta,
    Turn,
    TurnDone,
    TurnFailed,
)
from training.dialogues.attached import write_medium
from training.pocketworld import media_cache
from training.pocketworld.captions import read_caption
from training.pocketworld.oracle import Judges
from training.pocketworld.scene import SHOWN, Scene

Rng = np.random.Generator
Expected = tuple[tuple[str, dict[str, str]], ...]
"""Modality and stated attributes of every artifact, in order; `text` for an answer in words, whose
attribute `words` is the whole answer."""
WORDS = "words"
SCENE_JUDGES = Judges()


@dataclass(frozen=True)
class Question:
    """One message of a person and what the answer must be."""

    said: Message
    expected: Expected | None
    """None: it only leads to the next one and is not judged."""


@dataclass(frozen=True)
class Case:
    """One conversation."""

    direction: str
    questions: tuple[Question, ...]
    seed: int
    language: str = "en"
    unseen: bool = False
    """True if it is about a combination of attributes that is held out of all training."""
    edited: str = ""
    """The attribute that the last message changes, in a case that measures edits."""
    judges: Judges = SCENE_JUDGES
    """The oracle's functions that judge generated media."""


@dataclass
class Answer:
    """The answer to one message."""

    text: str = ""
    """Or why there is no answer."""
    artifacts: list[ArtifactReady] = field(default_factory=list)
    """The artifacts, in the order in which the model asked for them."""
    reply: Message | None = None
    """None: the turn failed."""
    shown: list[dict[str, str]] = field(default_factory=list)
    """The oracle's words for each artifact."""

    @property
    def modalities(self) -> list[str]:
        """The modalities of the artifacts."""
        return [artifact.modality for artifact in self.artifacts]


@dataclass(frozen=True)
class Judgement:
    """One attribute of one answer."""

    question: int
    """Number of the message in the conversation."""
    name: str
    """The attribute, with the medium before it when the answer has several."""
    wanted: str
    found: str
    """Empty: nothing to be read."""

    @property
    def right(self) -> bool:
        """True if the answer shows what was asked."""
        return self.wanted == self.found


@dataclass
class Result:
    """The outcome of one case."""

    case: Case
    answers: list[Answer]
    """One a message, as far as the conversation got."""
    routed: list[bool] = field(default_factory=list)
    """One bool per judged message: True for the right media in the right order and nothing else."""
    judgements: list[Judgement] = field(default_factory=list)

    @property
    def right(self) -> bool:
        """True if everything about it is right."""
        return all(self.routed) and all(judgement.right for judgement in self.judgements)

    @property
    def changed(self) -> bool | None:
        """For an edit: True if the named attribute became what was asked for. None otherwise."""
        if not self.case.edited:
            return None
        return any(
            judgement.right for judgement in self.judgements if judgement.name == self.case.edited
        )

    @property
    def stayed(self) -> list[bool]:
        """For an edit: one bool per untouched attribute, True where it kept its value."""
        if not self.case.edited or len(self.answers) < 2:
            return []
        before, after = (answer.shown[:1] for answer in self.answers[-2:])
        if not before:
            return []
        now = after[0] if after else {}
        names = [name for name in before[0] if name != self.case.edited]
        return [before[0][name] == now.get(name) for name in names]

    def without_media(self) -> Result:
        """The result without the bytes of its artifacts."""
        answers = [
            Answer(
                answer.text,
                [msgspec.structs.replace(one, data=b"") for one in answer.artifacts],
                answer.reply,
                answer.shown,
            )
            for answer in self.answers
        ]
        return Result(self.case, answers, self.routed, self.judgements)


def oracle_of(modality: str, data: bytes, judges: Judges = SCENE_JUDGES) -> dict[str, str]:
    """The attributes that a file shows, measured."""
    if modality == "image":
        return judges.image(np.asarray(Image.open(io.BytesIO(data)).convert("RGB")))
    if modality == "audio":
        samples, rate = soundfile.read(io.BytesIO(data), dtype="float32")
        return judges.audio(samples, rate)
    return judges.video(frames_of(data))


def frames_of(data: bytes) -> NDArray[np.uint8]:
    """uint8 [F, height, width, 3] of a clip's file."""
    with av.open(io.BytesIO(data), "r") as container:
        frames = [frame.to_ndarray(format="rgb24") for frame in container.decode(video=0)]
    return np.stack(frames)


def write_true(modality: str, scene: Scene, rng: Rng, path: Path) -> Path:
    """A true rendering of a scene as a file, like one that a user attaches."""
    return write_medium(modality, media_cache.render(modality, scene, rng), path)


def put(engine: Engine, case: Case, steps: int | None = None) -> Result:
    """Hold the conversation and judge its answers.

    Args:
        steps: diffusion steps of every artifact; None is the bundle's own.
    """
    return judge(case, hold(engine, case, steps))


def hold(engine: Engine, case: Case, steps: int | None = None) -> list[Answer]:
    """The answers of a conversation; a turn that fails ends it."""
    history: list[Message] = []
    answers: list[Answer] = []
    for question in case.questions:
        history.append(question.said)
        answers.append(answer(engine, history, case.seed, steps))
        reply = answers[-1].reply
        if reply is None:
            break
        history.append(reply)
    return answers


def answer(
    engine: Engine, history: Sequence[Message], seed: int, steps: int | None = None
) -> Answer:
    """The bundle's answer to a conversation."""
    found = Answer()
    parameters: dict[str, dict[str, ParameterValue]] = {}
    if steps is not None:
        parameters = {modality: {"steps": steps} for modality in engine.bundle.manifest.signals}
    for event in engine.answer(Turn(tuple(history), seed=seed, parameters=parameters)):
        if isinstance(event, TextDelta):
            found.text += event.text
        elif isinstance(event, ArtifactReady):
            found.artifacts.append(event)
        elif isinstance(event, TurnDone):
            found.reply = event.reply
        elif isinstance(event, TurnFailed):
            found.text = str(event.problem)
    found.artifacts.sort(key=lambda artifact: artifact.index)
    return found


def judge(case: Case, answers: Sequence[Answer]) -> Result:
    """Every judged answer: the right media in the right order, and each stated attribute of each.

    What never came counts as wrong.
    """
    result = Result(case, list(answers))
    for one in answers:
        one.shown = [
            oracle_of(made.modality, made.data, case.judges) if made.modality in SHOWN else {}
            for made in one.artifacts
        ]
    for number, question in enumerate(case.questions):
        if question.expected is None:
            continue
        given = answers[number] if number < len(answers) else Answer()
        result.routed.append(is_routed(question.expected, given))
        result.judgements += _judgements(number, question.expected, given)
    return result


def is_routed(expected: Expected, given: Answer) -> bool:
    """True if an answer holds exactly the media that were asked for, in order."""
    wanted = [modality for modality, _ in expected if modality != "text"]
    return given.reply is not None and given.modalities == wanted


def _judgements(number: int, expected: Expected, given: Answer) -> list[Judgement]:
    judgements = []
    for index, (modality, attributes) in enumerate(expected):
        if modality == "text":
            shown = {**read_caption(given.text), WORDS: given.text.strip()}
        elif given.modalities[index : index + 1] == [modality]:
            shown = given.shown[index]
        else:
            shown = {}
        for name, value in attributes.items():
            key = f"{modality} {name}" if len(expected) > 1 else name
            judgements.append(Judgement(number, key, value, shown.get(name, "")))
    return judgements
