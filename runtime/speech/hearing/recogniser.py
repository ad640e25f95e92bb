"""Writes down what was said in one turn. Knows Whisper through CTranslate2.

Whisper hears thirty seconds, however short a turn is. It hears as well in a shorter window with a
few seconds of silence behind the words, in a fraction of the time; where its text then runs into a
loop, it is asked again with the whole window.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from plugins.errors import KnownError
from plugins.speech.doubt import is_doubtful, without_repeats
from plugins.speech.whisper import CHINESE_HINT, checked_folder, checked_language, load
from runtime.speech.hearing.sounds import RATE_HZ, Float32

if TYPE_CHECKING:
    from ctranslate2 import StorageView
    from faster_whisper import WhisperModel
    from faster_whisper.tokenizer import Tokenizer

LANGUAGES = ("en", "zh")
"""What a turn may be in where the owner does not say."""
MOST_S = 27.0
"""Seconds of a piece that is heard at once."""
_WINDOW_S = 30
_SHORTEST_WINDOW_S = 10
_SILENCE_S = 3
"""Seconds of silence that the window holds behind the words at least."""
_TOKENS_PER_S, _FEW_TOKENS = 12, 24
"""Nobody speaks faster; what is longer is a loop."""
_UNSURE = 0.2
"""Confidence below which a text was made up: coughs and knocks get less than half of it, and the
worst that was said more."""
_QUIET_WITHIN_S = 5
_SPACELESS = ("zh", "ja", "yue")


@dataclass(frozen=True)
class Segment:
    """A stretch of a transcript."""

    text: str
    start_s: float
    end_s: float


@dataclass(frozen=True)
class Transcript:
    """What was said; an empty text where nothing was."""

    text: str
    language: str
    confidence: float
    """0 to 1, the least of the segments'."""
    segments: tuple[Segment, ...] = ()


def joined(parts: list[Transcript]) -> Transcript:
    """One transcript of several that follow each other, times and all."""
    said = [part for part in parts if part.text] or parts[:1]
    if len(said) == 1:
        return said[0]
    language = said[0].language if said else ""
    gap = "" if language in _SPACELESS else " "
    return Transcript(
        gap.join(part.text for part in said),
        language,
        min((part.confidence for part in said), default=0.0),
        tuple(segment for part in said for segment in part.segments),
    )


def quietest(samples: Float32) -> int:
    """Where in the last seconds of [n] samples it is quietest: the middle of a tenth of a
    second."""
    size = RATE_HZ // 10
    start = max(0, len(samples) - _QUIET_WITHIN_S * RATE_HZ)
    count = (len(samples) - start) // size
    if not count:
        return len(samples)
    parts = samples[start : start + count * size].reshape(count, size)
    return start + int(np.square(parts).sum(axis=1).argmin()) * size + size // 2


class Recogniser:
    """One loaded model. Any thread, one at a time."""

    def __init__(self, model: WhisperModel) -> None:
        """`model` as `plugins.speech.whisper.load` gives it."""
        self._model = model
        self._tokenizers: dict[str, Tokenizer] = {}
        many = bool(model.model.is_multilingual)
        self.languages: tuple[str, ...] = LANGUAGES if many else ("en",)

    @classmethod
    def open(cls, folder: Path, threads: int = 2) -> Recogniser:
        """The model of a folder.

        Raises:
            KnownError: it is missing or broken.
        """
        return cls(load(checked_folder(folder), threads))

    def transcribe(self, samples: Float32, language: str = "") -> Transcript:
        """What is said in a turn.

        Args:
            samples: [n] at 16 kHz, of any length; somebody speaks in it.
            language: a code of Whisper's; empty: the likeliest of `languages`.

        Raises:
            KnownError: the model does not know the language, or cannot compute.
        """
        parts: list[Transcript] = []
        language = checked_language(self._model, language)
        begin = 0
        while begin < len(samples) or not parts:
            piece = samples[begin : begin + int(MOST_S * RATE_HZ)]
            if begin + len(piece) < len(samples):
                piece = piece[: quietest(piece)]
            parts.append(self._piece(piece, begin / RATE_HZ, language))
            language = language or (parts[-1].language if parts[-1].text else "")
            begin += max(len(piece), 1)
        return joined(parts)

    def _piece(self, samples: Float32, begin_s: float, language: str) -> Transcript:
        try:
            return self._decoded(samples, begin_s, language)
        except (RuntimeError, ValueError) as error:
            said = " ".join(str(error).split())[:200]
            raise KnownError(
                "speech: expected a transcript, found that the model failed ({said}). Close "
                "other programs, or fetch the model again with `medley models get starter`.",
                said=said,
            ) from error

    def _decoded(self, samples: Float32, begin_s: float, language: str) -> Transcript:
        seconds = len(samples) / RATE_HZ
        for window in (_window_s(seconds), _WINDOW_S):
            heard = self._encoded(samples, window)
            language = language or self._language(heard)
            text, confidence, silence, cut = self._words(heard, language, seconds)
            whole = without_repeats(text)
            if window == _WINDOW_S or (whole == text and not cut):
                break
        made_up = confidence < _UNSURE or is_doubtful(whole, confidence, silence)
        if made_up or len(whole) < len(text) / 2:
            return Transcript("", language, 0.0)
        segment = Segment(whole, round(begin_s, 2), round(begin_s + seconds, 2))
        return Transcript(whole, language, confidence, (segment,))

    def _encoded(self, samples: Float32, window_s: int) -> StorageView:
        padded = np.pad(samples, (0, max(0, window_s * RATE_HZ - len(samples))))
        return self._model.encode(self._model.feature_extractor(padded, padding=0))

    def _language(self, heard: StorageView) -> str:
        if len(self.languages) == 1:
            return self.languages[0]
        found = {token[2:-2]: share for token, share in self._model.model.detect_language(heard)[0]}
        return max(self.languages, key=lambda code: found.get(code, 0.0))

    def _words(
        self, heard: StorageView, language: str, seconds: float
    ) -> tuple[str, float, float, bool]:
        """The text, confidence, chance of silence, and whether it was cut off."""
        tokenizer = self._tokenizer(language)
        prompt = [*tokenizer.sot_sequence, tokenizer.no_timestamps]
        if language == "zh":
            prompt = [tokenizer.sot_prev, *tokenizer.encode(" " + CHINESE_HINT), *prompt]
        most = len(prompt) + _FEW_TOKENS + int(_TOKENS_PER_S * seconds)
        found = self._model.model.generate(
            heard,
            [prompt],
            beam_size=1,
            max_length=min(most, self._model.max_length),
            return_scores=True,
            return_no_speech_prob=True,
        )[0]
        tokens = found.sequences_ids[0]
        mean = found.scores[0] * len(tokens) / (len(tokens) + 1)
        confidence = min(1.0, math.exp(mean)) * (1.0 - found.no_speech_prob)
        cut = len(tokens) >= most - len(prompt)
        return tokenizer.decode(tokens).strip(), confidence, found.no_speech_prob, cut

    def _tokenizer(self, language: str) -> Tokenizer:
        from faster_whisper.tokenizer import Tokenizer

        if language not in self._tokenizers:
            many = bool(self._model.model.is_multilingual)
            self._tokenizers[language] = Tokenizer(
                self._model.hf_tokenizer, many, task="transcribe", language=language
            )
        return self._tokenizers[language]


def _window_s(seconds: float) -> int:
    return min(_WINDOW_S, max(_SHORTEST_WINDOW_S, math.ceil(seconds) + _SILENCE_S))
