"""Turns media into chunks with the language model's own mmproj file, each medium once.

Knows files of media, the open mmproj and device memory; knows no prompt and no pointers.

Legend: N positions of one medium.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, suppress
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from plugins.errors import Cancelled, KnownError
from runtime.bundle.bundle import Bundle
from runtime.bundle.manifest import MediaEmbedderSpec
from runtime.components import load as components
from runtime.language_model.chunks import Chunk, MediaChunk
from runtime.language_model.mmproj.mtmd import MediaModel, Picture, Piece, Samples
from runtime.language_model.model import LanguageModel
from runtime.media import read_audio, read_image, read_video
from runtime.memory import DeviceMemory
from runtime.messages import MediaPart
from runtime.observations.content_keys import KEPT_KEYS, ContentKeys
from runtime.turn.timers import LoadTimer

KEPT_BYTES: Final = 256 << 20
"""Bytes of embeddings that are kept, those of the most recently used media."""
MOST_FRAMES: Final = 16
"""Frames of a clip, which lie evenly over it."""
FRAME_SIDE: Final = 448
"""The longest side of a frame in pixels."""
FRAMES_PER_SECOND: Final = 2.0
_SHARE: Final = 4
"""One part in this many of the context is for the frames of one clip, and for its sound."""


class MmprojEmbedder:
    """Chunks by the media's contents. One thread at a time, the language model's."""

    def __init__(
        self,
        bundle: Bundle,
        spec: MediaEmbedderSpec,
        model: LanguageModel,
        memory: DeviceMemory,
        loads: LoadTimer,
        part: str = "media encoder",
    ) -> None:
        """Opens nothing yet; `part` names the open file in device memory."""
        self._part = part
        self._bundle = bundle
        self._file = spec.file
        self._model = model
        self._memory = memory
        self._loads = loads
        self.modalities = components.taken_by_mmproj(spec)
        """The modalities that it takes."""
        self._keys = ContentKeys()
        self._kept: OrderedDict[str, tuple[Chunk, ...]] = OrderedDict()
        self._lengths: OrderedDict[str, int] = OrderedDict()
        """N by contents."""
        self._last: tuple[str, Sequence[Piece]] = ("", ())
        """The medium that was read last: it is measured first and encoded then."""
        self.encoded = 0
        """The number of times that the encoder ran."""

    def embed(self, part: MediaPart, cancelled: Callable[[], bool]) -> tuple[Chunk, ...]:
        """A medium's chunks; the encoder runs only for contents not seen lately.

        Raises:
            Cancelled: it was stopped.
            KnownError: the file is not a readable medium of its modality, or the mmproj is broken.
        """
        key = self._key(part)
        chunks = self._kept.pop(key, None)
        if chunks is None:
            with self._open() as media:
                pieces = self._pieces(media, part, key)
                if cancelled():
                    raise Cancelled
                chunks = media.chunks(pieces, key, cancelled)
            self.encoded += 1
            self._last = ("", ())
        self._kept[key] = chunks
        self._note_length(key, sum(chunk.positions for chunk in chunks))
        while len(self._kept) > 1 and sum(map(_bytes, self._kept.values())) > KEPT_BYTES:
            self._kept.popitem(last=False)
        return chunks

    def positions(self, part: MediaPart) -> int:
        """N of a medium, which is read but not encoded.

        Raises:
            KnownError: as `embed`.
        """
        key = self._key(part)
        if key not in self._lengths:
            with self._open() as media:
                self._note_length(key, media.positions(self._pieces(media, part, key)))
        return self._lengths[key]

    def _key(self, part: MediaPart) -> str:
        """Names a medium's contents together with the file that encodes them."""
        encoder = self._bundle.manifest.files[self._file].sha256[:16]
        return f"{encoder}:{part.modality}:{self._keys.of(part.path)}"

    def _note_length(self, key: str, length: int) -> None:
        self._lengths.pop(key, None)
        self._lengths[key] = length
        while len(self._lengths) > KEPT_KEYS:
            self._lengths.popitem(last=False)

    def _open(self) -> AbstractContextManager[MediaModel]:
        return self._memory.lease(self._part, self._load, components.mmproj_size(self._bundle))

    def _load(self) -> MediaModel:
        with self._loads.loading(self._part):
            return components.media_model(self._bundle, self._model)

    def _pieces(self, media: MediaModel, part: MediaPart, key: str) -> Sequence[Piece]:
        if self._last[0] != key:
            self._last = (key, self._read(media, part))
        return self._last[1]

    def _read(self, media: MediaModel, part: MediaPart) -> Sequence[Piece]:
        if part.modality == "image":
            return [Picture(read_image(part.path))]
        if part.modality == "audio":
            return [_sound(media, part)]
        return self._clip(media, part)

    def _clip(self, media: MediaModel, part: MediaPart) -> Sequence[Piece]:
        """Frames with the times at which they are, and the sound where the model hears and it is
        not too long."""
        room = self._model.n_ctx // _SHARE
        frame = Picture(np.zeros((FRAME_SIDE, FRAME_SIDE, 3), np.uint8), joins=True)
        most = max(2 * room // media.positions([frame, frame]), 1)
        video = read_video(part.path, lambda n, fps: frame_numbers(n, fps, min(most, MOST_FRAMES)))
        pieces: list[Piece] = []
        for row, (pixels, number) in enumerate(zip(video.frames, video.numbers, strict=True)):
            if row % 2 == 0:  # A model that takes frames in pairs must find them side by side.
                pieces.append(_time(number / video.fps))
            pieces.append(Picture(_reduced(pixels), joins=True))
        if media.rate_hz is not None:
            with suppress(KnownError):  # The clip has no sound, or none that can be decoded.
                heard = _sound(media, part)
                pieces += [heard] if media.positions([heard]) <= room else []
        return pieces


def frame_numbers(n_frames: int, fps: float, most: int) -> list[int]:
    """The numbers of at most `most` frames that stand for a clip, ascending: the middles of equal
    parts, of which none is shorter than its share of a second."""
    wanted = max(round(n_frames / fps * FRAMES_PER_SECOND), 2)
    count = min(wanted, most, n_frames)
    return [int((part + 0.5) * n_frames / count) for part in range(count)]


def _sound(media: MediaModel, part: MediaPart) -> Samples:
    return Samples(read_audio(part.path, rate_hz=media.rate_hz or 16_000).samples)


def _reduced(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """A frame whose sides are at most `FRAME_SIDE`."""
    picture = Image.fromarray(pixels)
    picture.thumbnail((FRAME_SIDE, FRAME_SIDE), Image.Resampling.BICUBIC)
    return np.asarray(picture)


def _time(seconds: float) -> str:
    """As llama.cpp itself writes it between frames."""
    minutes, rest = divmod(seconds, 60)
    return f"[{int(minutes)}m{rest:.2f}s]"


def _bytes(chunks: Sequence[Chunk]) -> int:
    return sum(chunk.embeddings.nbytes for chunk in chunks if isinstance(chunk, MediaChunk))
