"""The model Kokoro on onnxruntime: phonemes and a style into sound, with the length of each.

The file has one output, the sound. Inside of it the lengths of the phonemes and the melody are
computed first, which is quick; most of the time goes into the sound of them. Where the file is the
export by kokoro-onnx it is opened as two models, so that the sound of the beginning can be made
first. Of another export all is made at once.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from plugins.errors import KnownError, phrase
from runtime.speech.voice.onnx_part import part
from runtime.speech.voice.spoken import Float32

MOST_PHONEMES = 510
"""Of one run of the model."""
STEP = 600
"""Samples of one unit of length: 25 ms."""
AGAIN = phrase("Run `medley models get starter` to fetch it again.")
_LENGTHS = "/encoder/Clip_output_0"
"""Name of the tensor that holds the lengths, in the export by kokoro-onnx."""
_FRAMES, _SOURCE = (
    "/decoder/decoder/decode.3/Div_4_output_0",
    ("/decoder/decoder/generator/Concat_3_output_0"),
)
"""What the sound is made of: 2 columns of the first and 120 of the second, and one more, for each
unit of length."""
_TIMBRE = "/decoder/Slice_output_0"
_SOUND = "audio"
_SOUND_INPUTS: dict[str, tuple[int | str, ...]] = {
    _FRAMES: (1, 512, "frames"),
    _SOURCE: (1, 22, "source"),
    _TIMBRE: (1, 128),
}
_STYLE = 256


@dataclass(frozen=True)
class Utterance:
    """What one run of the model gives."""

    samples: Float32
    """[n] at 24 kHz."""
    steps: Float32 | None
    """[phonemes + 2] length of each in units of `STEP` samples, the silence before and after
    included; None where the file computes no lengths."""


@dataclass(frozen=True)
class Draft:
    """An utterance whose lengths are known and whose sound is not made yet."""

    units: int
    """Its whole length in units of `STEP` samples."""
    steps: Float32 | None
    """As of `Utterance`."""
    sound: Callable[[int, int], Float32]
    """Makes the sound from one unit up to another. The less of it is made at once, the more it
    differs from what it is in the whole."""


class Kokoro:
    """The model of one folder."""

    def __init__(self, session: Any, sounding: Any | None, vocabulary: dict[str, int]) -> None:
        """`sounding` makes the sound of what `session` finds; None where `session` does both."""
        self._session, self._sounding, self._vocabulary = session, sounding, vocabulary

    @classmethod
    def open(cls, folder: Path, threads: int = 1) -> Kokoro:
        """
        Raises:
            KnownError: a file is missing or broken.
        """
        path = model_file(folder)
        vocabulary = _vocabulary(folder / "vocab.json")
        data = _bytes(path)
        try:
            first = part(data, {}, [_FRAMES, _SOURCE, _TIMBRE, _LENGTHS])
            second = part(data, _SOUND_INPUTS, [_SOUND])
            return cls(_session(first, threads), _session(second, threads), vocabulary)
        except Exception as error:  # noqa: BLE001  (onnxruntime names no errors of its own)
            return cls(_whole(path, data, threads, error), None, vocabulary)

    def known(self, phonemes: str) -> str:
        """The phonemes without those that the model did not learn."""
        return "".join(phoneme for phoneme in phonemes if phoneme in self._vocabulary)

    def say(self, phonemes: str, style: Float32, speed: float) -> Utterance:
        """Sound of 1 to 510 phonemes, all of them known.

        Args:
            style: [phonemes, 256] of a voice, by number of phonemes.
            speed: 1 is as the voice speaks by itself, 2 twice as fast.
        """
        draft = self.draft(phonemes, style, speed)
        return Utterance(draft.sound(0, draft.units), draft.steps)

    def draft(self, phonemes: str, style: Float32, speed: float) -> Draft:
        """Lengths and melody of phonemes; the arguments are those of `say`."""
        tokens = [self._vocabulary[phoneme] for phoneme in phonemes]
        found = self._session.run(
            None,
            {
                "tokens": np.array([[0, *tokens, 0]], np.int64),
                "style": style[min(len(tokens), len(style)) - 1].reshape(1, _STYLE),
                "speed": np.array([speed], np.float32),
            },
        )
        if (model := self._sounding) is None:
            samples = np.asarray(found[0], np.float32).ravel()
            return Draft(-(-len(samples) // STEP), None, _cut_from(samples))
        frames, source, timbre, steps = found
        steps = np.asarray(steps, np.float32).ravel()

        def sound(begin: int, end: int) -> Float32:
            given = {
                _FRAMES: np.ascontiguousarray(frames[:, :, 2 * begin : 2 * end]),
                _SOURCE: np.ascontiguousarray(source[:, :, 120 * begin : 120 * end + 1]),
                _TIMBRE: timbre,
            }
            return np.asarray(model.run(None, given)[0], np.float32).ravel()

        return Draft(frames.shape[2] // 2, steps, sound)


def _cut_from(samples: Float32) -> Callable[[int, int], Float32]:
    return lambda begin, end: samples[begin * STEP : end * STEP]


def read_style(path: Path) -> Float32:
    """[phonemes, 256] a voice's styles by number of phonemes.

    Raises:
        KnownError: the file is missing or holds something else.
    """
    values = np.frombuffer(_bytes(path), np.uint8)
    if not len(values) or len(values) % (4 * _STYLE):
        raise KnownError(
            "{path}: expected a voice of rows of {style} numbers, found {values_count} "
            "bytes. {again}",
            path=path,
            style=_STYLE,
            values_count=len(values),
            again=AGAIN,
        )
    return values.view(np.float32).reshape(-1, _STYLE)


def model_file(folder: Path) -> Path:
    """The model's file in a folder.

    Raises:
        KnownError: there is none.
    """
    found = sorted(folder.glob("*.onnx"))
    if not found:
        raise KnownError(
            "{folder}: expected a voice (*.onnx), found none. {again}", folder=folder, again=AGAIN
        )
    return found[0]


def _session(data: bytes, threads: int) -> Any:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.log_severity_level = 4
    return onnxruntime.InferenceSession(data, options, providers=["CPUExecutionProvider"])


def _whole(path: Path, data: bytes, threads: int, error: Exception) -> Any:
    """The session of another export of the model, whose tensors have other names."""
    try:
        return _session(data, threads)
    except Exception:  # noqa: BLE001  (as above)
        found = str(error).splitlines()[0][:120]
        raise KnownError(
            "{path}: expected the model of the voice, found what onnxruntime refuses "
            "({found}). {again}",
            path=path,
            found=found,
            again=AGAIN,
        ) from error


def _vocabulary(path: Path) -> dict[str, int]:
    try:
        numbers = json.loads(_bytes(path))["vocab"]
        return {str(phoneme): int(number) for phoneme, number in numbers.items()}
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise KnownError(
            "{path}: expected the phonemes of the voice, found something else. {again}",
            path=path,
            again=AGAIN,
        ) from error


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise KnownError(
            "{path}: expected a file of the voice, found: {strerror}. {again}",
            path=path,
            strerror=error.strerror,
            again=AGAIN,
        ) from error
