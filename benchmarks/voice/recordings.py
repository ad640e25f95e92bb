"""Recordings of people with what they say: those of Debian's package pocketsphinx-testdata, under
the BSD licence."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import soundfile
from numpy.typing import NDArray

Float32 = NDArray[np.float32]
FOLDER = Path("/usr/share/pocketsphinx/test/data")
_LISTS = ("librivox/transcription", "cards/cards.transcription")
_LINE = re.compile(r"<s> (.*?)\s*</s> \((.*)\)")
_RAW = {"goforward.raw": "go forward ten meters", "something.raw": "go somewhere and do something"}
_MISTAKES = {"a more a amiable": "a more amiable"}
"""What a transcript says and nobody does."""


def recordings(folder: Path = FOLDER) -> list[tuple[str, Float32, str]]:
    """Names, [n] samples at 16 kHz and words; none where the package is not installed."""
    found = []
    for name in _LISTS:
        if not (folder / name).is_file():
            return []
        for said, stem in _LINE.findall((folder / name).read_text("utf-8")):
            for wrong, right in _MISTAKES.items():
                said = said.replace(wrong, right)
            path = (folder / name).with_name(f"{stem}.wav")
            found.append((path.stem, _samples(path), said))
    return found + [(name, _samples(folder / name), said) for name, said in _RAW.items()]


def plain(text: str) -> str:
    """A text as words are counted: in the usual spelling, with numbers digit by digit."""
    from whisper_normalizer.english import EnglishTextNormalizer

    return re.sub(r"(?<=\d)(?=\d)", " ", EnglishTextNormalizer()(text))


def _samples(path: Path) -> Float32:
    if path.suffix == ".raw":
        return np.frombuffer(path.read_bytes(), "<i2").astype(np.float32) / np.float32(32768)
    samples: Float32 = soundfile.read(path, dtype="float32")[0]
    return samples
