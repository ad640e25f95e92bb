"""Media of scenes and compositions, made once per run and kept as arrays. Knows no models.

Every array is made from a seed alone, in order, so the same recipe always gives the same bytes.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from training.pocketworld.clip import render_clip
from training.pocketworld.compositions import render as compositions_render
from training.pocketworld.compositions.composition import Composition, random_composition
from training.pocketworld.levels import COMPOSITION_TOPICS
from training.pocketworld.picture import render_picture
from training.pocketworld.scene import Scene, random_scene
from training.pocketworld.sound import render_sound

SOUND_RATE = 16000
"""Hz."""
SOUND_SECONDS = 2.048
CLIP_FRAMES = 8
CLIP_FPS = 4
PIXELS = 64
STREAM = {"image": 1, "audio": 2, "video": 3}
COMPOSITION_STREAM = {"image": 4, "audio": 5, "video": 6}


def make(
    modality: str, count: int, seed: int, folder: Path, *, held_out: bool = False
) -> tuple[list[Scene], NDArray[Any]]:
    """Scenes and media: uint8 [N, 64, 64, 3], float16 [N, samples] or uint8 [N, 8, 64, 64, 3].

    Cached in `folder`; made again when count or seed differ.
    """
    name = f"{modality}-{count}-{seed}{'-held' if held_out else ''}"
    media, scenes = folder / f"{name}.npy", folder / f"{name}.json"
    if media.is_file() and scenes.is_file():
        return [Scene(**s) for s in json.loads(scenes.read_text())], np.load(media, mmap_mode="r")
    folder.mkdir(parents=True, exist_ok=True)
    made: list[Scene] = []
    arrays: list[NDArray[Any]] = []
    for index in range(count):
        rng = np.random.default_rng([seed, STREAM[modality], int(held_out), index])
        scene = random_scene(rng, held_out=held_out)
        made.append(scene)
        arrays.append(render(modality, scene, rng))
    stacked = _keep(arrays, media)
    partial = scenes.with_suffix(".part.json")
    partial.write_text(json.dumps([asdict(scene) for scene in made]))
    partial.replace(scenes)
    return made, stacked


def make_compositions(
    modality: str, count: int, seed: int, folder: Path
) -> tuple[list[Composition], NDArray[Any]]:
    """Compositions, equally many of each topic, and their media in the shapes of `make`.

    Media are cached in `folder`; what they are of is drawn again from the seed.
    """
    topics, stream = COMPOSITION_TOPICS[modality], COMPOSITION_STREAM[modality]
    chances = [np.random.default_rng([seed, stream, index]) for index in range(count)]
    made = [random_composition(topics[i % len(topics)], rng) for i, rng in enumerate(chances)]
    media = folder / f"second-{modality}-{count}-{seed}.npy"
    if media.is_file():
        return made, np.load(media, mmap_mode="r")
    folder.mkdir(parents=True, exist_ok=True)
    kept = np.float16 if modality == "audio" else np.uint8
    arrays = (
        compositions_render.render(one, rng).astype(kept)
        for one, rng in zip(made, chances, strict=True)
    )
    return made, _keep(arrays, media)


def _keep(arrays: Iterable[NDArray[Any]], path: Path) -> NDArray[Any]:
    """The arrays as one, which is in its place whole or not at all."""
    stacked = np.stack(list(arrays))
    partial = path.with_suffix(".part.npy")
    np.save(partial, stacked)
    partial.replace(path)
    return stacked


def render(modality: str, scene: Scene, rng: np.random.Generator) -> NDArray[Any]:
    """One true rendering of a scene."""
    if modality == "image":
        return render_picture(scene, rng, PIXELS)
    if modality == "audio":
        return render_sound(scene, rng, SOUND_RATE, SOUND_SECONDS).astype(np.float16)
    return render_clip(scene, rng, CLIP_FRAMES, PIXELS)
