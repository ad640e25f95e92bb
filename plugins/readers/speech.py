"""Speech recognition in sounds and clips: words with their times. Imports faster-whisper on use.

A detector of voices decides first what is heard at all, so that silence, noise and music do not
become words; what the model repeats without end, or is unsure of, is left out.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from plugins.api import Float32, Observation, Reader, Stage
from plugins.readers.media import RATE_HZ, check, cores, sound
from plugins.speech.doubt import is_doubtful, without_repeats
from plugins.speech.whisper import (
    CHINESE_HINT,
    WORKING_BYTES,
    checked_folder,
    checked_language,
    load,
)

if TYPE_CHECKING:
    from faster_whisper import WhisperModel
    from faster_whisper.transcribe import Segment

_BLOCK_S = 600.0
"""Seconds that are heard at once: it bounds memory for sounds of any length."""
_SURE_OF_CHINESE = 0.5


class SpeechReader(Reader):
    """Speech by any Whisper model in the CTranslate2 layout, with 8-bit numbers on the CPU."""

    id = "medley.speech"
    version = "1"
    modalities = ("audio", "video")

    def read(self, path: Path, modality: str, stage: Stage) -> list[Observation]:
        """One observation per stretch of speech, with its times; empty if nobody speaks.

        Raises:
            KnownError: the sound cannot be decoded, the model is not there or broken, or does not
                know the language.
            Cancelled: the stage asked to stop.
        """
        folder = checked_folder(self.model)
        source = f"{self.id} {folder.name}"
        size = (folder / "model.bin").stat().st_size + WORKING_BYTES
        found: list[Observation] = []
        with stage.lease(f"reader:{folder}", lambda: load(folder, cores()), size) as model:
            language = checked_language(model, self.language)
            begin = 0.0
            for total, samples in sound(path, stage, _BLOCK_S):
                length = max(total, begin + len(samples) / RATE_HZ)
                for spoken, segment in _segments(model, samples, stage, language):
                    done = min(begin + segment.end, length)
                    stage.progress(int(done), math.ceil(length))
                    if observation := _observation(segment, begin, source, spoken):
                        found.append(observation)
                begin += len(samples) / RATE_HZ
                stage.progress(int(begin), max(math.ceil(length), int(begin)))
        return found


def _segments(
    model: WhisperModel, samples: Float32, stage: Stage, language: str
) -> Iterator[tuple[str, Segment]]:
    """Languages and stretches of speech in [n] samples, as the model gets to them."""
    import numpy as np
    from faster_whisper.vad import VadOptions, get_speech_timestamps

    voices = VadOptions(min_silence_duration_ms=500, speech_pad_ms=300)
    spoken = get_speech_timestamps(samples, voices)
    if not spoken:
        return
    check(stage)
    sure = 1.0
    if not model.model.is_multilingual:
        language = "en"
    elif not language:
        first = np.concatenate([samples[part["start"] : part["end"]] for part in spoken[:20]])
        language, sure, _ = model.detect_language(first)
    check(stage)
    segments, _ = model.transcribe(
        samples,
        language=language,
        beam_size=1,
        temperature=0.0,
        condition_on_previous_text=False,
        initial_prompt=CHINESE_HINT if language == "zh" and sure >= _SURE_OF_CHINESE else None,
        vad_filter=True,
        vad_parameters=voices,
    )
    for segment in segments:
        check(stage)
        yield language, segment


def _observation(segment: Segment, begin: float, source: str, language: str) -> Observation | None:
    text = without_repeats(segment.text.strip())
    confidence = min(1.0, math.exp(segment.avg_logprob)) * (1.0 - segment.no_speech_prob)
    if not text or is_doubtful(text, confidence, segment.no_speech_prob):
        return None
    return Observation(
        "speech",
        text,
        confidence=round(confidence, 3),
        start_s=round(begin + segment.start, 2),
        end_s=round(begin + segment.end, 2),
        source=source,
        language=language,
    )
