"""The model Kokoro on onnxruntime: phonemes and a style into sound, with the length of each.

The file has one output, the sound. The lengths of the phonemes are computed inside of it; they are
made an output when the file is opened, by a few bytes more (protobuf joins what is given twice).
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from plugins.errors import KnownError, phrase
from runtime.speech.voice.spoken import Float32

MOST_PHONEMES = 510
"""Of one run of the model."""
STEP = 600
"""Samples of one unit of length: 25 ms."""
AGAIN = phrase("Run `medley models get starter` to fetch it again.")
_LENGTHS = "/encoder/Clip_output_0"
"""Name of the tensor that holds the lengths, in the export by kokoro-onnx."""
_STYLE = 256
_GRAPH, _OUTPUT, _NAME = 7, 12, 1
"""Numbers of fields in ONNX's messages."""


@dataclass(frozen=True)
class Utterance:
    """What one run of the model gives."""

    samples: Float32
    """[n] at 24 kHz."""
    steps: Float32 | None
    """[phonemes + 2] length of each in units of `STEP` samples, the silence before and after
    included; None where the file computes no lengths."""


class Kokoro:
    """The model of one folder."""

    def __init__(self, session: Any, vocabulary: dict[str, int], has_lengths: bool) -> None:
        self._session, self._vocabulary = session, vocabulary
        self.has_lengths = has_lengths

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
            return cls(_session(data + added_output(_LENGTHS), threads), vocabulary, True)
        except Exception as error:  # noqa: BLE001  (onnxruntime names no errors of its own)
            return cls(_without_lengths(path, data, threads, error), vocabulary, False)

    def known(self, phonemes: str) -> str:
        """The phonemes without those that the model did not learn."""
        return "".join(phoneme for phoneme in phonemes if phoneme in self._vocabulary)

    def say(self, phonemes: str, style: Float32, speed: float) -> Utterance:
        """Sound of 1 to 510 phonemes, all of them known.

        Args:
            style: [phonemes, 256] of a voice, by number of phonemes.
            speed: 1 is as the voice speaks by itself, 2 twice as fast.
        """
        tokens = [self._vocabulary[phoneme] for phoneme in phonemes]
        found = self._session.run(
            None,
            {
                "tokens": np.array([[0, *tokens, 0]], np.int64),
                "style": style[min(len(tokens), len(style)) - 1].reshape(1, _STYLE),
                "speed": np.array([speed], np.float32),
            },
        )
        samples = np.asarray(found[0], np.float32).ravel()
        steps = np.asarray(found[1], np.float32).ravel() if self.has_lengths else None
        return Utterance(samples, steps)


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


def added_output(tensor: str) -> bytes:
    """Bytes that, at the end of an ONNX file, make a tensor of its graph an output."""
    return _field(_GRAPH, _field(_OUTPUT, _field(_NAME, tensor.encode())))


def _field(number: int, content: bytes) -> bytes:
    """A field of bytes in protobuf's wire format; both numbers are below 2**14."""
    return _varint(number << 3 | 2) + _varint(len(content)) + content


def _varint(value: int) -> bytes:
    return bytes([value]) if value < 128 else bytes([value & 127 | 128, value >> 7])


def _session(data: bytes, threads: int) -> Any:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.log_severity_level = 4
    return onnxruntime.InferenceSession(data, options, providers=["CPUExecutionProvider"])


def _without_lengths(path: Path, data: bytes, threads: int, error: Exception) -> Any:
    """The session of another export of the model, whose lengths have another name."""
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
