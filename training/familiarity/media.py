"""`medley train familiarity`: measures what a bundle of Pocketworld knows, and writes the result
into the bundle.

Media of Pocketworld in everyday damage, and a few that the bundle makes itself, are what is known;
made-up pictures, sounds and clips, damaged alike, are what is not. A linear boundary between the
two in the statistics of the encoder's layers is the score, and the threshold is where a set share
of known media, which the boundary has not seen, would be refused. Knows the bundle's parts and
Pocketworld; no photograph and no recording is used. Beside it stands the table of words, made of
phrasebooks.

Legend: N media, F statistics of a medium.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import torch
from numpy.typing import NDArray
from safetensors.numpy import save_file

from runtime.bundle.bundle import Bundle, find_bundle
from runtime.bundle.manifest import FamiliaritySpec, Manifest, SentencesSpec
from runtime.bundle.write import write_manifest
from runtime.components import load as components
from runtime.encoder import EncoderConfig
from runtime.encoder.inputs import prepare_timed
from runtime.encoder.model import ImageBindEncoder
from runtime.turn.imagebind_embedder import media_statistics
from training.dialogues.phrasings import BOOKS
from training.familiarity import words as familiarity_words
from training.familiarity.amounts import Amounts
from training.familiarity.damage import write_damaged
from training.familiarity.logistic import fit
from training.familiarity.outlier_sounds import outlier_sound
from training.familiarity.outliers import outlier_clip, outlier_picture
from training.pocketworld import levels, media_cache
from training.pocketworld.compositions import render as compositions_render
from training.pocketworld.scene import Scene

FILE = "familiarity.safetensors"
SEED = 71
MODALITIES = ("image", "audio", "video")
OUTLIERS: dict[str, Callable[[np.random.Generator], NDArray[Any]]] = {
    "image": outlier_picture, "audio": outlier_sound, "video": outlier_clip,
}  # fmt: skip
COMPOSITION_SHARE = 0.25
"""The share of known media that show compositions."""
HELD_BACK = 0.4
"""The share of known media that the boundary has not seen and that set the threshold."""
REFUSED = 0.0075
"""The share of these above the threshold."""
DECAY = 3e-3
"""The weight of the boundary's squared weights in its loss."""
KNOWN, STRANGE = 0, 1
Say = Callable[[str], None]


def main(bundle: str, amounts: Amounts, *, say: Say = print) -> int:
    """Measure a bundle and write the measures into it.

    Raises:
        KnownError: no such bundle, it is broken, or it has no encoder for media.
    """
    folder = find_bundle(bundle)
    add_familiarity(folder, amounts, say=say)
    say(f"{folder / FILE} and the table [familiarity] of bundle.toml are written.")
    return 0


def add_familiarity(folder: Path, amounts: Amounts, *, say: Say = print) -> Manifest:
    """Measure the bundle in a folder; its file and its table in the manifest are replaced.

    Raises:
        KnownError: the bundle is broken or has no encoder for media.
    """
    bundle = Bundle.open(folder)
    spec, _ = components.encoder_specs(bundle)
    config = EncoderConfig.from_table(spec.config)
    encoder = components.encoder(bundle)
    tensors: dict[str, NDArray[Any]] = {}
    thresholds: dict[str, float] = {}
    counts = {"video": amounts.clips}
    for modality in MODALITIES:
        if config.hears(modality):
            measure = Measure(encoder, modality)
            found, thresholds[modality] = measure.boundary(counts.get(modality, amounts.media), say)
            tensors |= {f"{modality}.{name}": tensor for name, tensor in found.items()}
    table, most_other = familiarity_words.table(amounts.texts, SEED, say)
    save_file({**tensors, **table}, folder / FILE)
    made = FamiliaritySpec(
        file=FILE,
        thresholds=thresholds,
        rows=len(table["words.table"]),
        most_other=most_other,
        names=familiarity_words.names(),
        sentences=SENTENCES,
    )
    return write_manifest(folder, msgspec.structs.replace(bundle.manifest, familiarity=made))


class Measure:
    """Statistics of the media of one modality."""

    def __init__(self, encoder: ImageBindEncoder, modality: str) -> None:
        self._encoder, self._modality = encoder, modality

    def boundary(self, count: int, say: Say) -> tuple[dict[str, NDArray[np.float32]], float]:
        """`weights` and `bias` of the score, and the threshold.

        Args:
            count: of known media, and as many made-up ones.
        """
        known = self.statistics(known_media(self._modality, count, SEED))
        strange = self.statistics(made_up(self._modality, count, SEED))
        kept = round(count * (1 - HELD_BACK))
        seen = np.concatenate([known[:kept], strange])
        middle, spread = seen.mean(axis=0), seen.std(axis=0) + 1e-6
        kinds = np.repeat([KNOWN, STRANGE], [kept, len(strange)])
        weights, bias = fit((seen - middle) / spread, kinds, 2, decay=DECAY)
        straight = (weights[:, STRANGE] - weights[:, KNOWN]) / spread
        shift = bias[STRANGE] - bias[KNOWN] - middle @ straight
        scores = known[kept:] @ straight + shift
        most = float(np.quantile(scores, 1 - REFUSED))
        told = float((strange @ straight + shift > most).mean())
        say(
            f"{self._modality}: {count} known and {count} made-up media; above {most:.3f} lie "
            f"{REFUSED:.1%} of {count - kept} held-back known and {told:.1%} of made-up ones"
        )
        found = {"weights": straight, "bias": np.array([shift])}
        return {name: value.astype(np.float32) for name, value in found.items()}, most

    def statistics(self, media: Iterator[tuple[NDArray[Any], np.random.Generator]]) -> Any:
        """float32 [N, F] of media in everyday damage, each read from a file."""
        with tempfile.TemporaryDirectory(prefix="medley-familiarity-") as folder:
            found = []
            for medium, rng in media:
                path = write_damaged(self._modality, medium, Path(folder) / "medium", rng)
                found.append(self.of_file(path))
                path.unlink()
        return np.stack(found)

    def of_file(self, path: Path) -> NDArray[np.float32]:
        """float32 [F] of a file.

        Raises:
            KnownError: it is no readable medium of the modality.
        """
        media, lasting = prepare_timed(self._encoder.config, self._modality, path)
        with torch.inference_mode():
            features, layers = self._encoder.observe(self._modality, media)
        return media_statistics(features, layers, lasting)


def known_media(
    modality: str, count: int, seed: int
) -> Iterator[tuple[NDArray[Any], np.random.Generator]]:
    """True media of scenes and compositions, each with the generator that is to damage it."""
    for index in range(count):
        rng = np.random.default_rng([seed, MODALITIES.index(modality), KNOWN, index])
        subject = levels.random_subject(modality, rng, COMPOSITION_SHARE)
        if isinstance(subject, Scene):
            yield media_cache.render(modality, subject, rng), rng
        else:
            yield compositions_render.render(subject, rng), rng


def made_up(
    modality: str, count: int, seed: int
) -> Iterator[tuple[NDArray[Any], np.random.Generator]]:
    """Media of nothing that Pocketworld knows, likewise."""
    for index in range(count):
        rng = np.random.default_rng([seed, MODALITIES.index(modality), STRANGE, index])
        yield OUTLIERS[modality](rng), rng


SENTENCES = {
    "en": SentencesSpec(
        unknown_medium={
            "image": "I do not recognise this picture. I only know Pocketworld: its things, "
            "places, weather and sounds.",
            "audio": "I do not recognise this sound. I only know Pocketworld: its things, "
            "places, weather and sounds.",
            "video": "I do not recognise this clip. I only know Pocketworld: its things, "
            "places, weather and sounds.",
            "document": "I cannot read documents. I only know Pocketworld: its things, places, "
            "weather and sounds.",
        },
        unknown_words=BOOKS["en"].refusal,
        nothing_shown="I see no picture, sound or clip yet that this could be about. Show me one "
        "of Pocketworld, or ask me to draw, play or film something.",
        ask={
            "image": "what is in this picture?",
            "audio": "what is in this sound?",
            "video": "what is in this clip?",
            "several": "what are these?",
        },
    ),
    "zh": SentencesSpec(
        unknown_medium={
            "image": "我认不出这张图片。我只知道 Pocketworld：它的东西、地方、天气和声音。",
            "audio": "我听不出这个声音。我只知道 Pocketworld：它的东西、地方、天气和声音。",
            "video": "我认不出这段视频。我只知道 Pocketworld：它的东西、地方、天气和声音。",
            "document": "我不会读文档。我只知道 Pocketworld：它的东西、地方、天气和声音。",
        },
        unknown_words=BOOKS["zh"].refusal,
        nothing_shown="这里还没有图片、声音或视频可说。给我看一个 Pocketworld 里的，或者让我画画、"
        "播放声音、拍视频吧。",
        ask={
            "image": "这张图片里有什么？",
            "audio": "这个声音里有什么？",
            "video": "这段视频里有什么？",
            "several": "这些是什么？",
        },
    ),
}
"""English first: that of a person who wrote no word."""
