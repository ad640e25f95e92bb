"""The contact sheet's entry for an answer: words, media as pictures, judgements.

Turns judged conversations into entries that a sheet lays out. Knows media; knows no layout.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soundfile
from numpy.typing import NDArray
from PIL import Image

from plugins.builtin.vocoder import log_mel
from runtime.messages import MediaPart, TextPart
from training.evaluation.judging import Answer, Judgement, Result, frames_of

STRIP = 4
"""Frames of a clip that are shown."""
SIDE = 256
"""Pixels of a spectrogram."""


@dataclass(frozen=True)
class Medium:
    """A picture, sound or clip, given or made."""

    modality: str
    data: bytes

    @property
    def pictures(self) -> list[Image.Image]:
        """A picture as it is, a sound as its spectrogram, a clip as some of its frames."""
        if self.modality == "image":
            return [Image.open(io.BytesIO(self.data)).convert("RGB")]
        if self.modality == "audio":
            samples, _ = soundfile.read(io.BytesIO(self.data), dtype="float32")
            return [spectrogram(samples)]
        frames = frames_of(self.data)
        return [
            Image.fromarray(frames[i]) for i in np.linspace(0, len(frames) - 1, STRIP, dtype=int)
        ]


@dataclass(frozen=True)
class Entry:
    """One message and its answer."""

    heading: str
    asked: str
    given: tuple[Medium, ...]
    said: str
    made: tuple[Medium, ...]
    judgements: tuple[Judgement, ...]
    """The judgements of this answer; empty if it was not judged."""
    routed: bool | None
    """True if it holds the right media; None when it was not judged."""
    language: str = "en"
    later: bool = False
    """True if it goes on with the entry before."""

    @property
    def right(self) -> bool | None:
        """True if everything is right; None when it was not judged."""
        return (
            None if self.routed is None else self.routed and all(m.right for m in self.judgements)
        )


def entries_of(result: Result) -> Iterator[Entry]:
    """One entry a message, as far as the conversation got."""
    case, routed = result.case, iter(result.routed)
    kind = "unseen combination" if case.unseen else "seen combination"
    for number, question in enumerate(case.questions):
        answer = result.answers[number] if number < len(result.answers) else Answer()
        parts = question.said.parts
        yield Entry(
            heading=f"{case.direction}  ({kind}, {case.language})" if case.direction else "",
            asked=" ".join(part.text for part in parts if isinstance(part, TextPart)),
            given=tuple(
                Medium(part.modality, Path(part.path).read_bytes())
                for part in parts
                if isinstance(part, MediaPart)
            ),
            said=answer.text,
            made=tuple(Medium(made.modality, made.data) for made in answer.artifacts),
            judgements=tuple(
                judgement for judgement in result.judgements if judgement.question == number
            ),
            routed=None if question.expected is None else next(routed),
            language=case.language,
            later=number > 0,
        )


def spectrogram(samples: NDArray[np.float32]) -> Image.Image:
    """Log-mel energy of 16 kHz samples, time to the right, pitch upwards."""
    mel = (log_mel(samples).T[::-1] + 11.5) / 12.5
    grey = (np.clip(mel, 0, 1) * 255).astype(np.uint8)
    return Image.fromarray(grey).convert("RGB").resize((SIDE, SIDE))
