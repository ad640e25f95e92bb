"""Plays the scenes of the first hour with a bundle and writes the page.

python -m benchmarks.first_hour [--bundle NAME] [--only WORDS] [--out FILE] [--files DIR]
                                [--everyday JSON ...]
"""

from __future__ import annotations

import argparse
import json
import platform
import sys
import time
from pathlib import Path

from benchmarks.first_hour.files import make
from benchmarks.first_hour.page import Said, page, small_picture
from benchmarks.first_hour.scenes import SCENES, Scene
from desktop.cli.attachments import given
from desktop.cli.printing.readings import with_observations
from plugins.errors import KnownError
from runtime.engine import Engine
from runtime.messages import (
    ArtifactFailed,
    ArtifactReady,
    MediaPart,
    MediumRead,
    Message,
    Sampling,
    TextDelta,
    TextPart,
    Turn,
    TurnDone,
    TurnFailed,
)
from runtime.opening import EngineOptions, open_engine

SEED = 0


def main() -> int:
    """Play, print and write; 2 where the bundle cannot be opened."""
    options = _options()
    files = make(options.files)
    pictures = options.out.parent / options.out.stem
    shown = []
    try:
        with open_engine(EngineOptions(options.bundle)) as engine:
            begin = time.perf_counter()
            engine.load()
            machine = _machine(options.bundle, time.perf_counter() - begin)
            for scene in (scene for scene in SCENES if options.only in scene.title):
                print(f"\n== {scene.title}", flush=True)
                turns = play(engine, scene, files, pictures)
                shown.append((scene, turns, _given(scene, files, pictures)))
    except KnownError as error:
        print(f"first hour: {error}", file=sys.stderr)
        return 2
    sets = [json.loads(path.read_text("utf-8")) for path in options.everyday]
    options.out.parent.mkdir(parents=True, exist_ok=True)
    options.out.write_text(page(shown, machine, sets), "utf-8")
    return 0


def play(engine: Engine, scene: Scene, files: dict[str, Path], pictures: Path) -> list[Said]:
    """One scene, turn by turn; pictures that are made are kept small in the folder `pictures`."""
    messages: list[Message] = []
    turns: list[Said] = []
    for words in scene.turns:
        media: tuple[MediaPart, ...] = ()
        if scene.file and not turns:
            media = (given("file", files[scene.file]),)
        messages.append(Message("user", (*media, TextPart(words))))
        said = Said(words)
        turns.append(said)
        reply = _answer(engine, scene, messages, said, pictures)
        print(f"{words}\n  {said.answer.strip()}  ({said.seconds:.1f} s)", flush=True)
        if reply is None:
            break
        messages[-1] = with_observations(messages[-1], said.readings)
        messages.append(reply)
    return turns


def _answer(
    engine: Engine, scene: Scene, messages: list[Message], said: Said, pictures: Path
) -> Message | None:
    turn = Turn(tuple(messages), system=scene.system, seed=SEED, sampling=Sampling(temperature=0.0))
    reply = None
    begin = time.perf_counter()
    for event in engine.answer(turn):
        match event:
            case TextDelta():
                said.answer += event.text
            case MediumRead():
                said.readings.append(event)
                said.problems += map(str, event.problems)
            case ArtifactReady():
                if event.modality == "image":
                    turn_number = sum(message.role == "user" for message in messages)
                    name = f"{'-'.join(scene.title.lower().split())}-{turn_number}.jpg"
                    said.pictures.append(small_picture(event.data, pictures / name))
            case ArtifactFailed():
                said.problems.append(str(event.problem))
            case TurnFailed():
                said.problems.append(str(event.problem))
            case TurnDone():
                reply = event.reply
    said.seconds = time.perf_counter() - begin
    return reply


def _given(scene: Scene, files: dict[str, Path], pictures: Path) -> str:
    """The name of the small picture of what a scene gives; empty where that is no picture."""
    source = files.get(scene.file)
    if source is None or source.suffix not in (".png", ".heic"):
        return ""
    if source.suffix == ".heic":
        source = source.with_suffix(".png")  # The same picture, as it was before.
    return small_picture(source.read_bytes(), pictures / f"{source.stem}.jpg")


def _machine(bundle: str, load_s: float) -> str:
    import psutil

    cores, memory = psutil.cpu_count(), psutil.virtual_memory().total / 2**30
    busy = psutil.getloadavg()[0]
    return (
        f"Machine: {cores} cores ({platform.machine()}), {memory:.0f} GB of memory, no graphics "
        f"card; {busy:.1f} processes at work on average before it began. The "
        f"bundle `{bundle}` was loaded in {load_s:.1f} s."
    )


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.first_hour",
        description="Plays the scenes of the first hour and writes docs/first-hour.md.",
    )
    parser.add_argument("--bundle", default="starter")
    parser.add_argument("--only", default="", help="scenes whose title holds these words")
    parser.add_argument("--out", type=Path, default=Path("docs/first-hour.md"))
    parser.add_argument("--files", type=Path, default=Path("runs/first-hour"))
    parser.add_argument("--everyday", type=Path, nargs="*", default=[], metavar="JSON")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
