"""Which of the ways that a bundle of NExT-GPT may have been trained in fits it: how much a shipped
caption costs behind its medium under each.

Nobody knows whether the published checkpoint saw `<Img>` as one token or as plain text, and whether
its clips lay up to the ends of long media: the reference's own files contradict themselves. Knows
the language model and the encoder; runs them by itself, after the engine is closed.

Legend: V tokens of the language model.
"""

from __future__ import annotations

import threading
import wave
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import av
import msgspec
import numpy as np

from plugins.errors import Cancelled, Problem, phrase
from runtime.bundle.bundle import Bundle
from runtime.components import load as components
from runtime.language_model.chunks import Chunk
from runtime.language_model.model import LanguageModel
from runtime.memory import DeviceMemory
from runtime.messages import MediaPart, Message, TextPart
from runtime.self_test.outcomes import Outcome
from runtime.turn.imagebind_embedder import ImageBindEmbedder
from runtime.turn.prompt import PromptBuilder
from runtime.turn.timers import LoadTimer

ASKED = "generate a caption"
"""The question of the reference's first stage."""
MARGIN = 0.05
"""Nats a token below which one way is no better than another."""
_N_CTX = 256
_MARKS: Final = {"token": phrase("as one token"), "text": phrase("as plain text")}
_SPREADS: Final = {"ends": phrase("up to their ends"), "within": phrase("within")}
_SECONDS, _RATE_HZ, _FPS, _SIDE = 8, 16_000, 8, 112
_MEDIA = Path(__file__).parent / "media"
_CAPTIONS: Final = {
    "image": "a red square",
    "audio": "an ambulance siren is wailing",
    "video": "a red square is moving to the right",
}


@dataclass(frozen=True)
class Fitting:
    """What a caption costs under each way."""

    modality: str
    losses: Mapping[tuple[str, str], float]
    """Nats a token, by marks and spread."""
    set_marks: str
    set_spread: str

    def best(self, place: int) -> dict[str, float]:
        """The least loss by marks (`place` 0) or by spread (1)."""
        found: dict[str, float] = {}
        for ways, loss in self.losses.items():
            found[ways[place]] = min(loss, found.get(ways[place], loss))
        return found


def fittings(bundle: Bundle, cancelled: threading.Event) -> Iterator[Fitting]:
    """What the shipped captions cost, modality by modality.

    Raises:
        Cancelled: it was stopped.
        KnownError: the language model or the encoder cannot be loaded.
    """
    memory = DeviceMemory()
    ways = [(marks, spread) for spread in _SPREADS for marks in _MARKS]
    with (
        TemporaryDirectory() as folder,
        closing(components.language_model(bundle, n_ctx=_N_CTX)) as model,
    ):
        for modality, path in _media(Path(folder)).items():
            losses = {}
            for marks, spread in ways:
                if cancelled.is_set():
                    raise Cancelled("the test was stopped")
                if modality == "image" and spread != ways[0][1]:
                    continue
                losses[marks, spread] = _loss(
                    bundle, model, memory, modality, path, (marks, spread)
                )
            template, encoder = bundle.manifest.template, bundle.manifest.encoder
            assert encoder is not None
            yield Fitting(modality, losses, template.media_marks, _spread(encoder.config))
    memory.clear()


def told(fitting: Fitting) -> tuple[Outcome, Problem]:
    """The outcome in a sentence: failed where another way than the set one fits better."""
    marks, spreads = fitting.best(0), fitting.best(1)
    better = [
        option
        for option, losses, way in (
            ("--media-marks", marks, fitting.set_marks),
            ("--clip-windows", spreads, fitting.set_spread),
        )
        for other in (min(losses, key=losses.__getitem__),)
        if losses[way] - losses[other] > MARGIN
    ]
    sentence = phrase(
        "<Img> fits {marks} ({token:.2f} nats a token as one, {text:.2f} as plain text).",
        marks=_named(marks, _MARKS),
        **marks,
    )
    if len(spreads) > 1:
        sentence = phrase(
            "{before} Long media fit {spread} ({ends:.2f} up to their ends, {within:.2f} within).",
            before=sentence,
            spread=_named(spreads, _SPREADS),
            **spreads,
        )
    if not better:
        return "passed", sentence
    return "failed", phrase(
        "{before} The bundle is set otherwise: import it again with another {options}.",
        before=sentence,
        options=" ".join(better),
    )


def _named(losses: Mapping[str, float], names: Mapping[str, Problem]) -> Problem:
    if max(losses.values()) - min(losses.values()) <= MARGIN:
        return phrase("either way")
    return names[min(losses, key=losses.__getitem__)]


def _spread(config: Mapping[str, object]) -> str:
    audio = config.get("audio")
    return str(audio.get("spread", "ends")) if isinstance(audio, dict) else "ends"


def _loss(
    bundle: Bundle,
    model: LanguageModel,
    memory: DeviceMemory,
    modality: str,
    path: Path,
    way: tuple[str, str],
) -> float:
    """Nats a token of the caption behind its medium."""
    manifest = bundle.manifest
    template = msgspec.structs.replace(manifest.template, media_marks=way[0])
    embedder = ImageBindEmbedder(_with_spread(bundle, way[1]), memory, "cpu", LoadTimer())
    part = MediaPart(modality, str(path))

    def embed(medium: MediaPart) -> Sequence[Chunk]:
        return embedder.embed(medium)

    builder = PromptBuilder(template, model, embed, {})
    model.prefill(builder.build([Message("user", (part, TextPart(ASKED)))]))
    ids = model.tokenize(_CAPTIONS[modality] + template.answer_close)
    total = 0.0
    for token in ids:
        logits = model.logits().astype(np.float64)  # [V]
        highest = logits.max()
        total += float(highest + np.log(np.exp(logits - highest).sum()) - logits[token])
        model.put([token])
    return total / len(ids)


def _with_spread(bundle: Bundle, spread: str) -> Bundle:
    """The same bundle, whose clips lie so."""
    spec = bundle.manifest.encoder
    assert spec is not None
    towers = {
        name: {**tower, "spread": spread} if name in ("vision", "audio") else tower
        for name, tower in spec.config.items()
    }
    encoder = msgspec.structs.replace(spec, config=towers)
    return Bundle(msgspec.structs.replace(bundle.manifest, encoder=encoder), bundle.folder)


def _media(folder: Path) -> dict[str, Path]:
    """A picture, a siren and a moving square, the latter two longer than the encoder's clips."""
    seconds = np.arange(_SECONDS * _RATE_HZ) / _RATE_HZ
    hertz = 700 + 250 * np.sin(2 * np.pi * 0.5 * seconds)
    siren = 0.4 * np.sin(2 * np.pi * np.cumsum(hertz) / _RATE_HZ)
    sound = folder / "siren.wav"
    with wave.open(str(sound), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(_RATE_HZ)
        file.writeframes((siren * 32_767).astype("<i2").tobytes())
    clip = folder / "square.mp4"
    with av.open(str(clip), "w") as container:
        stream = container.add_stream("libx264", rate=_FPS)
        stream.width, stream.height, stream.pix_fmt = 2 * _SIDE, _SIDE, "yuv420p"
        frames = _SECONDS * _FPS
        for number in range(frames):
            pixels = np.full((_SIDE, 2 * _SIDE, 3), 240, np.uint8)
            left = number * (2 * _SIDE - 40) // frames
            pixels[36:76, left : left + 40] = (220, 20, 20)
            container.mux(stream.encode(av.VideoFrame.from_ndarray(pixels, format="rgb24")))
        container.mux(stream.encode(None))
    return {"image": _MEDIA / "red_square.png", "audio": sound, "video": clip}
