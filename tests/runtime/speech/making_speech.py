"""Speech for tests, by Kokoro from the words of its dictionaries: nobody has to be recorded."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
import soxr
from numpy.typing import NDArray

Float32 = NDArray[np.float32]
RATE_HZ = 16_000
_KOKORO_HZ = 24_000


class Speaker:
    """Says sentences in English (words of the dictionaries alone) and Chinese."""

    def __init__(self, folder: Path) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 2
        self._folder = folder
        self._session = onnxruntime.InferenceSession(str(folder / "kokoro-v1.0.int8.onnx"), options)
        self._vocabulary = json.loads((folder / "vocab.json").read_text("utf-8"))["vocab"]
        self._words: dict[str, Any] = {}
        for name in ("us_silver.json", "us_gold.json"):
            self._words |= json.loads((folder / name).read_text("utf-8"))

    def say(self, text: str, voice: str = "af_heart", speed: float = 1.0) -> Float32:
        """[n] samples at 16 kHz."""
        sounds = _chinese(text) if voice.startswith("z") else self._english(text)
        return self.say_sounds(sounds, voice, speed)

    def say_sounds(self, sounds: str, voice: str = "af_heart", speed: float = 1.0) -> Float32:
        """[n] samples at 16 kHz of phonemes in Kokoro's letters."""
        tokens = [self._vocabulary[sound] for sound in sounds if sound in self._vocabulary]
        styles = np.fromfile(self._folder / "voices" / f"{voice}.bin", np.float32).reshape(-1, 256)
        samples = self._session.run(
            None,
            {
                "tokens": np.array([[0, *tokens, 0]]),
                "style": styles[len(tokens) - 1][None],
                "speed": np.array([speed], np.float32),
            },
        )[0]
        resampled: Float32 = soxr.resample(samples.ravel(), _KOKORO_HZ, RATE_HZ)
        return resampled

    def _english(self, text: str) -> str:
        parts = re.findall(r"[A-Za-z']+|[.,!?;:]", text)
        return "".join(part if part in ".,!?;:" else " " + self._word(part) for part in parts)

    def _word(self, word: str) -> str:
        found = self._words.get(word) or self._words.get(word.lower()) or ""
        return found if isinstance(found, str) else str(found["DEFAULT"])


@cache
def _converter() -> Any:
    from misaki import zh

    return zh.ZHG2P()


def _chinese(text: str) -> str:
    found = _converter()(text)
    return str(found[0] if isinstance(found, tuple) else found)
