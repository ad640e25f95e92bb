"""The sharpness of reconstructed and generated pictures relative to true ones of the same scenes.

    python -m benchmarks.sharpness [--scenes N] [--seed N] [BUNDLE...]

Sharpness is the mean step of brightness between neighbouring pixels, as a share of that of the true
pictures; the error is the mean difference of what the autoencoder gives back, of 255. Skies are
clear: rain, snow and stars lie where chance put them. No scene was trained on.
"""

from __future__ import annotations

import argparse
import io
import sys
from collections.abc import Sequence

import numpy as np
import torch
from diffusers import AutoencoderTiny
from numpy.typing import NDArray
from PIL import Image

from runtime.bundle.bundle import Bundle, find_bundle
from runtime.engine import Engine
from runtime.opening import EngineOptions, open_engine
from training.evaluation.judging import Case, Question, put
from training.evaluation.questions import said
from training.pocket.autoencoders import to_unit
from training.pocketworld.captions import canonical
from training.pocketworld.oracle import brought_to_size
from training.pocketworld.picture import render_picture
from training.pocketworld.scene import Scene, random_scene

Pictures = NDArray[np.uint8]
SEED = 30_000
"""Far from the seeds of trainings and evaluations."""


def scenes_and_pictures(count: int, seed: int) -> tuple[list[Scene], Pictures]:
    """Scenes under a clear sky, and true pictures of them, uint8 [N, 64, 64, 3]."""
    chances = [np.random.default_rng([seed, number]) for number in range(count)]
    scenes = [random_scene(rng).with_(weather="clear", time="day") for rng in chances]
    return scenes, np.stack([render_picture(s, r) for s, r in zip(scenes, chances, strict=True)])


def sharpness(pictures: Pictures) -> float:
    """The mean step between neighbours, of 255."""
    brightness = pictures.astype(np.float32).mean(axis=-1)
    across, along = (np.abs(np.diff(brightness, axis=axis)).mean() for axis in (1, 2))
    return float(across + along)


@torch.inference_mode()
def given_back(bundle: Bundle, pictures: Pictures) -> Pictures:
    """The pictures after a round trip through the bundle's autoencoder."""
    vae = AutoencoderTiny.from_pretrained(bundle.decoder("image").folder / "vae").float().eval()
    shown = to_unit(np.moveaxis(pictures, -1, 1))
    decoded = vae.decode(vae.encode(shown).latents).sample.clamp(-1, 1)
    return np.moveaxis(((decoded + 1) * 127.5).round().byte().numpy(), 1, -1)


def made(engine: Engine, scenes: Sequence[Scene]) -> Pictures:
    """Pictures that the bundle makes of full captions of the scenes, at the size of the true
    ones."""
    found = []
    for number, scene in enumerate(scenes):
        question = Question(said(f"draw {canonical(scene, 'image')}"), (("image", {}),))
        (answer,) = put(engine, Case("text -> image", (question,), number)).answers
        data = next(one.data for one in answer.artifacts if one.modality == "image")
        pixels = np.asarray(Image.open(io.BytesIO(data)).convert("RGB"))
        found.append(brought_to_size(pixels).round().astype(np.uint8))
    return np.stack(found)


def main(arguments: Sequence[str]) -> int:
    """Print one line per bundle."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("bundles", nargs="*", default=["pocket"], metavar="BUNDLE")
    parser.add_argument("--scenes", type=int, default=24)
    parser.add_argument("--seed", type=int, default=SEED)
    options = parser.parse_args(arguments)
    scenes, true = scenes_and_pictures(options.scenes, options.seed)
    for name in options.bundles:
        bundle = Bundle.open(find_bundle(name))
        back = given_back(bundle, true)
        error = np.abs(back.astype(np.float32) - true).mean()
        with open_engine(EngineOptions(bundle)) as engine:
            drawn = made(engine, scenes)
        shares = [sharpness(pictures) / sharpness(true) for pictures in (back, drawn)]
        print(
            f"{name}: the autoencoder gives back {shares[0]:.0%} of the sharpness with an error of "
            f"{error:.1f}; made pictures have {shares[1]:.0%} of it"
        )
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
