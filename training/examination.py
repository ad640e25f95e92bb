"""What Pocket is asked in an evaluation, and how an answer is judged.

Every question is put through the real engine with real files; the judge is Pocketworld's oracle,
which measures pixels, spectra and motion. Knows the engine and the world; trains nothing.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import av
import numpy as np
import soundfile
from numpy.typing import NDArray
from PIL import Image

from plugins.media_files import clip, png, wav
from runtime.engine import Engine
from runtime.messages import (
    ArtifactReady,
    MediaPart,
    Message,
    TextDelta,
    TextPart,
    Turn,
    TurnDone,
    TurnFailed,
)
from training import world_data
from training.phrasings import ASK, HELD_OUT, SEE_AND_HEAR, TURN_INTO
from training.pocketworld.captions import PHRASES, read_caption, varied
from training.pocketworld.oracle import judge_clip, judge_picture, judge_sound
from training.pocketworld.scene import SHOWN, Scene, pick, random_scene

Rng = np.random.Generator
SEED = 20_000
"""Far from every training seed."""


@dataclass(frozen=True)
class Case:
    """One conversation and what its last answer must show."""

    direction: str
    turns: tuple[Message, ...]
    """What the person says, turn by turn."""
    expected: tuple[tuple[str, dict[str, str]], ...]
    """Modality and stated attributes of every artifact, in order; `text` for an answer in words."""
    seed: int


@dataclass
class Result:
    """How one case went."""

    case: Case
    routed: bool
    right: dict[str, bool] = field(default_factory=dict)
    """By attribute (with the artifact's number before it when there are several)."""
    text: str = ""
    artifacts: list[ArtifactReady] = field(default_factory=list)


def oracle_of(modality: str, data: bytes) -> dict[str, str]:
    """The attributes that a file shows, measured."""
    if modality == "image":
        return judge_picture(np.asarray(Image.open(io.BytesIO(data)).convert("RGB")))
    if modality == "audio":
        samples, rate = soundfile.read(io.BytesIO(data), dtype="float32")
        return judge_sound(samples, rate)
    with av.open(io.BytesIO(data), "r") as container:
        frames = [f.to_ndarray(format="rgb24") for f in container.decode(video=0)]
    return judge_clip(np.stack(frames))


def write_true(modality: str, scene: Scene, rng: Rng, path: Path) -> Path:
    """A true rendering of a scene as the file a person would bring."""
    media = world_data.render(modality, scene, rng)
    if modality == "image":
        made = png(_enlarged(media[None])[0])
    elif modality == "audio":
        made = wav(media.astype(np.float32), world_data.SOUND_RATE)
    else:
        made = clip(_enlarged(media), world_data.CLIP_FPS)
    path = path.with_suffix(made.extension)
    path.write_bytes(made.data)
    return path


def _enlarged(frames: NDArray[np.uint8], times: int = 4) -> NDArray[np.uint8]:
    size = (frames.shape[2] * times, frames.shape[1] * times)
    return np.stack(
        [np.asarray(Image.fromarray(f).resize(size, Image.Resampling.LANCZOS)) for f in frames]
    )


def _said(text: str, media: tuple[MediaPart, ...] = ()) -> Message:
    return Message("user", (*media, TextPart(text)))


def cases(limit: int, folder: Path) -> Iterator[Case]:
    """Every direction, `limit` cases each, the same on every run."""
    for number in range(limit):
        yield from _requests(number)
        yield from _descriptions(number, folder)
        yield from _conversions(number, folder)
        yield from _combined(number)


def _rng(number: int, kind: int) -> Rng:
    return np.random.default_rng([SEED, kind, number])


def _stated(scene: Scene, names: tuple[str, ...]) -> dict[str, str]:
    return {name: getattr(scene, name) for name in names}


def _requests(number: int) -> Iterator[Case]:
    for kind, modality in enumerate(("image", "audio", "video")):
        rng = _rng(number, kind)
        scene = random_scene(rng)
        text, said = varied(scene, modality, rng, keep=0.8)
        words = pick(HELD_OUT[modality], rng).format(x=text)
        expected = ((modality, _stated(scene, said)),)
        yield Case(f"text -> {modality}", (_said(words),), expected, number)


def _descriptions(number: int, folder: Path) -> Iterator[Case]:
    for kind, modality in enumerate(("image", "audio", "video")):
        rng = _rng(number, 10 + kind)
        scene = random_scene(rng)
        path = write_true(modality, scene, rng, folder / f"{modality}-{number}-ask")
        message = _said(pick(ASK[modality], rng) + "?", (MediaPart(modality, str(path)),))
        expected = (("text", _stated(scene, SHOWN[modality])),)
        yield Case(f"{modality} -> text", (message,), expected, number)


def _conversions(number: int, folder: Path) -> Iterator[Case]:
    for kind, (source, target) in enumerate(
        (("audio", "image"), ("image", "audio"), ("image", "video"))
    ):
        rng = _rng(number, 20 + kind)
        scene = random_scene(rng)
        path = write_true(source, scene, rng, folder / f"{source}-{target}-{number}")
        phrase = pick(TURN_INTO[source, target], rng)
        names = [n for n in SHOWN[target] if n in SHOWN[source]]
        wanted = _stated(scene, tuple(names))
        if "{m}" in phrase:
            motion = pick(("left", "right"), rng)
            phrase, wanted["motion"] = phrase.format(m=motion), motion
        message = _said(phrase, (MediaPart(source, str(path)),))
        yield Case(f"{source} -> {target}", (message,), ((target, wanted),), number)


def _combined(number: int) -> Iterator[Case]:
    rng = _rng(number, 30)
    scene = random_scene(rng)
    text, said = varied(scene, "image", rng, keep=0.6)
    heard = tuple(n for n in SHOWN["audio"] if n in said)
    expected = (("image", _stated(scene, said)), ("audio", _stated(scene, heard)))
    words = pick(SEE_AND_HEAR, rng).format(x=text)
    yield Case("text -> image + audio", (_said(words),), expected, number)
    rng = _rng(number, 31)
    before = random_scene(rng)
    text, said = varied(before, "image", rng, keep=0.8)
    time = pick([t for t in ("day", "night", "sunset") if t != before.time], rng)
    wanted = _stated(before, said) | {"time": time}
    turns = (_said(f"draw {text}"), _said(f"now {PHRASES['time'][time][0]}"))
    yield Case("edit in a second turn", turns, (("image", wanted),), number)


def put(engine: Engine, case: Case) -> Result:
    """Hold the conversation; judge its last answer."""
    history: list[Message] = []
    text, artifacts = "", list[ArtifactReady]()
    for message in case.turns:
        history.append(message)
        text, artifacts = "", list[ArtifactReady]()
        for event in engine.answer(Turn(tuple(history), seed=case.seed)):
            if isinstance(event, TextDelta):
                text += event.text
            elif isinstance(event, ArtifactReady):
                artifacts.append(event)
            elif isinstance(event, TurnDone):
                history.append(event.reply)
            elif isinstance(event, TurnFailed):
                text = event.what
    artifacts.sort(key=lambda artifact: artifact.index)
    return judge(case, text, artifacts)


def judge(case: Case, text: str, artifacts: list[ArtifactReady]) -> Result:
    """Right modalities in the right order, and every stated attribute of each."""
    wanted = [modality for modality, _ in case.expected if modality != "text"]
    result = Result(case, [a.modality for a in artifacts] == wanted, {}, text, artifacts)
    several = len(case.expected) > 1
    for index, (modality, attributes) in enumerate(case.expected):
        if modality == "text":
            shown = read_caption(text)
        elif index < len(artifacts) and artifacts[index].modality == modality:
            shown = oracle_of(modality, artifacts[index].data)
        else:
            shown = {}
        for name, value in attributes.items():
            key = f"{index}.{name}" if several else name
            result.right[key] = shown.get(name) == value
    return result
