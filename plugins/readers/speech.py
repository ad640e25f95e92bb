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
from plugins.errors import KnownError
from plugins.readers.doubt import is_doubtful, without_repeats
from plugins.readers.media import RATE_HZ, check, cores, sound

if TYPE_CHECKING:
    from faster_whisper import WhisperModel
    from faster_whisper.transcribe import Segment

_FILES = ("config.json", "model.bin", "tokenizer.json")
"""Files that a model's folder must hold; a vocabulary is beside them in one of two formats."""
_BLOCK_S = 600.0
"""Seconds that are heard at once: it bounds memory for sounds of any length."""
_WORKING_BYTES = 150_000_000
"""Bytes that the model needs beside its weights while it runs."""
_CHINESE_HINT = "以下是普通话的句子，使用简体中文和标点符号。"
"""Makes the model write simplified characters and punctuation."""
_SURE_OF_CHINESE = 0.5


class SpeechReader(Reader):
    """Speech by any Whisper model in the CTranslate2 layout, with 8-bit numbers on the CPU."""

    id = "medley.speech"
    version = "1"
    modalities = ("audio", "video")

    def read(self, path: Path, modality: str, stage: Stage) -> list[Observation]:
        """One observation per stretch of speech, with its times; empty if nobody speaks.

        Raises:
            KnownError: the sound cannot be decoded, or the model is not there or broken.
            Cancelled: the stage asked to stop.
        """
        folder = _checked_folder(self.model)
        source = f"{self.id} {folder.name}"
        size = (folder / "model.bin").stat().st_size + _WORKING_BYTES
        found: list[Observation] = []
        with stage.lease(f"reader:{folder}", lambda: _load(folder), size) as model:
            begin = 0.0
            for total, samples in sound(path, stage, _BLOCK_S):
                length = max(total, begin + len(samples) / RATE_HZ)
                for segment in _segments(model, samples, stage):
                    done = min(begin + segment.end, length)
                    stage.progress(int(done), math.ceil(length))
                    if observation := _observation(segment, begin, source):
                        found.append(observation)
                begin += len(samples) / RATE_HZ
                stage.progress(int(begin), max(math.ceil(length), int(begin)))
        return found


def _segments(model: WhisperModel, samples: Float32, stage: Stage) -> Iterator[Segment]:
    """Stretches of speech in [n] samples, as the model gets to them."""
    import numpy as np
    from faster_whisper.vad import VadOptions, get_speech_timestamps

    voices = VadOptions(min_silence_duration_ms=500, speech_pad_ms=300)
    spoken = get_speech_timestamps(samples, voices)
    if not spoken:
        return
    check(stage)
    language, hint = "en", None
    if model.model.is_multilingual:
        first = np.concatenate([samples[part["start"] : part["end"]] for part in spoken[:20]])
        language, sure, _ = model.detect_language(first)
        if language == "zh" and sure >= _SURE_OF_CHINESE:
            hint = _CHINESE_HINT
    check(stage)
    segments, _ = model.transcribe(
        samples,
        language=language,
        beam_size=1,
        temperature=0.0,
        condition_on_previous_text=False,
        initial_prompt=hint,
        vad_filter=True,
        vad_parameters=voices,
    )
    for segment in segments:
        check(stage)
        yield segment


def _observation(segment: Segment, begin: float, source: str) -> Observation | None:
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
    )


def _checked_folder(folder: Path | None) -> Path:
    """The model's folder, with every file in it: the library would fetch what is missing."""
    if folder is None:
        raise KnownError(
            "speech: expected a Whisper model, found none; fetch one with `medley models get "
            "starter`."
        )
    missing = [name for name in _FILES if not (folder / name).is_file()]
    if not any((folder / f"vocabulary.{suffix}").is_file() for suffix in ("json", "txt")):
        missing.append("vocabulary.json")
    if missing:
        raise KnownError(
            "speech: expected {missing} in {folder}, found none; fetch the model again with "
            "`medley models get {folder_2}`.",
            missing=", ".join(missing),
            folder=folder,
            folder_2=folder.name,
        )
    return folder


def _load(folder: Path) -> WhisperModel:
    from faster_whisper import WhisperModel

    try:
        return WhisperModel(
            str(folder),
            device="cpu",
            compute_type="int8",
            cpu_threads=cores(),
            local_files_only=True,
        )
    except (OSError, RuntimeError, ValueError, KeyError, TypeError) as error:
        said = " ".join(str(error).split())[:300]
        raise KnownError(
            "speech: the model in {folder} cannot be read ({error_type}: {said}); fetch it "
            "again with `medley models get {folder_2}`.",
            folder=folder,
            error_type=type(error).__name__,
            said=said,
            folder_2=folder.name,
        ) from error
