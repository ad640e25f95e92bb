"""Labels of pictures and clips among ImageNet's 1,000 classes; none when unsure.

Legend: B pictures, S pixels of a side of the network's input.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from PIL import Image

from plugins.api import Float32, Observation, Reader, Stage
from plugins.errors import KnownError
from plugins.readers.media import cores, frames, picture

if TYPE_CHECKING:
    from plugins.readers.efficientnet import EfficientNetLite2

LEAST = 0.5
"""Share of belief below which no name is given. Of 92 cut-out photographs of animals, fruit, tools
and vehicles the network's first name was right 12 times of the 17 in which it believed by half or
more, and in about every second of the 34 with 0.3 or more."""
BESIDE = 0.1
"""Share of belief of a further name beside the first."""
MOST_NAMES = 3
_WEIGHTS, _SYNSETS, _WORDS = (
    "efficientnet-lite2.pth",
    "imagenet_synsets.txt",
    "imagenet_synset_to_lemma.txt",
)
_ENOUGH = 600
"""Pixels of a picture's shorter side that are decoded."""
_SHARE = 0.875
"""The share of the shorter side that is used, from the middle."""
_MEAN = np.array((0.485, 0.456, 0.406), np.float32)
_SPREAD = np.array((0.229, 0.224, 0.225), np.float32)
_MOMENTS = 5
_BYTES = 200_000_000


@dataclass(frozen=True)
class Seen:
    """The network and its names."""

    network: EfficientNetLite2
    names: tuple[str, ...]


class LabelReader(Reader):
    """Labels by EfficientNet-lite2."""

    id = "medley.labels"
    version = "1"
    modalities = ("image", "video")

    def read(self, path: Path, modality: str, stage: Stage) -> list[Observation]:
        """Up to three names with the share of belief in each, of a clip those that stay; empty when
        the network is unsure.

        Raises:
            KnownError: the file cannot be decoded, or the model is not there or broken.
            Cancelled: the stage asked to stop.
        """
        folder = self.model
        if folder is None:
            raise KnownError(
                "labels: expected EfficientNet-lite2, the model that names what pictures show, "
                "found none. Fetch it under Settings, Models, or with `medley models get starter`."
            )
        with stage.lease(f"reader:{folder}", lambda: load(folder), _BYTES) as seen:
            if modality == "video":
                pictures = [image for _, image in frames(path, _MOMENTS, stage)]
            else:
                pictures = [picture(path, _ENOUGH)]
            believed = np.mean([_believed(seen.network, image) for image in pictures], axis=0)
            stage.progress(1, 1)
            source = f"{self.id} {folder.name}"
            return [
                Observation("label", name, confidence=round(share, 3), source=source)
                for name, share in best(believed, seen.names)
            ]


def best(believed: Float32, names: tuple[str, ...]) -> list[tuple[str, float]]:
    """The few names that are worth saying, the likeliest first; none when the network is unsure.

    Args:
        believed: [1000] shares that sum to 1.
        names: as many.
    """
    order = np.argsort(-believed)[:MOST_NAMES]
    if believed[order[0]] < LEAST:
        return []
    return [(names[i], float(believed[i])) for i in order if believed[i] >= BESIDE]


def load(folder: Path) -> Seen:
    """The network and its names from a model's folder.

    Raises:
        KnownError: a file is missing or broken.
    """
    from plugins.readers import efficientnet

    try:
        synsets = (folder / _SYNSETS).read_text("utf-8").split()
        lines = (folder / _WORDS).read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise KnownError(
            "labels: expected {synsets} and {words} in {folder}, found: {error}; fetch the "
            "model again with `medley models get {folder_2}`.",
            synsets=_SYNSETS,
            words=_WORDS,
            folder=folder,
            error=error,
            folder_2=folder.name,
        ) from error
    words = dict(line.split("\t", 1) for line in lines if "\t" in line)
    names = tuple(words.get(synset, synset).split(",")[0].strip() for synset in synsets)
    if len(names) != efficientnet.CLASSES:
        raise KnownError(
            "labels: expected {classes} names in {folder}, found {names_count}; fetch the "
            "model again with `medley models get {folder_2}`.",
            classes=efficientnet.CLASSES,
            folder=folder / _SYNSETS,
            names_count=len(names),
            folder_2=folder.name,
        )
    return Seen(efficientnet.load(folder / _WEIGHTS), names)


def _believed(network: Any, image: Image.Image) -> Float32:
    """[1000] shares of belief."""
    import torch

    pixels = torch.from_numpy(_prepared(image))[None]
    torch.set_num_threads(cores())
    with torch.inference_mode():
        shares: Float32 = network(pixels).softmax(dim=1)[0].numpy()
    return shares


def _prepared(image: Image.Image) -> Float32:
    """RGB -> [3, S, S]: the middle of the picture, as the network was trained."""
    from plugins.readers.efficientnet import SIDE

    scale = SIDE / (_SHARE * min(image.size))
    size = (max(SIDE, round(image.width * scale)), max(SIDE, round(image.height * scale)))
    small = image.resize(size, Image.Resampling.BICUBIC)
    left, top = (small.width - SIDE) // 2, (small.height - SIDE) // 2
    middle = np.asarray(small.crop((left, top, left + SIDE, top + SIDE)), np.float32) / 255.0
    return np.ascontiguousarray(((middle - _MEAN) / _SPREAD).transpose(2, 0, 1))
