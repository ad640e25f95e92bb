"""An mmproj file opened beside its language model: media become chunks of a prompt.

The only module that touches mtmd's pointers. Knows pictures and samples as arrays; knows no files,
no turns and no encoder but llama.cpp's. A person's text never comes here, so nothing that is
written can stand for a medium.

Legend: H, V height and width of a picture in pixels, N cells of one block, W width of an input
embedding.
"""

from __future__ import annotations

import ctypes
import os
import weakref
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Protocol

import llama_cpp.llama_cpp as llama  # noqa: TID253
import numpy as np
from numpy.typing import NDArray

from plugins.errors import BugError, Cancelled, KnownError
from runtime.language_model.batch import N_COORDINATES
from runtime.language_model.chunks import Chunk, MediaChunk, Placing, TokenChunk
from runtime.language_model.device.library import recent_llama_errors
from runtime.language_model.limits import N_BATCH
from runtime.language_model.mmproj.library import mtmd

Float32 = NDArray[np.float32]
_TEXT, _IMAGE = 0, 1
_LOOK: Final = 32
"""Operations of an encoder between two looks at whether it should stop."""


@dataclass(frozen=True, eq=False)
class Picture:
    """A picture, or a frame of a clip."""

    pixels: NDArray[np.uint8]
    """[H, V, 3]"""
    joins: bool = False
    """True if the model may make one of this and a neighbour: they follow each other in a clip."""


@dataclass(frozen=True, eq=False)
class Samples:
    """A sound at the model's rate."""

    samples: Float32
    """[n] mono"""


Piece = Picture | Samples | str
"""A part of a medium; words are what a clip's frames are told apart by."""


class TextModel(Protocol):
    """The language model that an mmproj file belongs to."""

    @property
    def model(self) -> Any:
        """The llama.cpp model."""

    @property
    def d_input(self) -> int:
        """W; 0 where it is not known."""


def _never() -> bool:
    return False


class MediaModel:
    """An open mmproj file. One thread at a time, the language model's."""

    def __init__(
        self,
        path: Path,
        text_model: TextModel,
        *,
        n_threads: int,
        on_gpu: bool = False,
        most_tokens: int = N_BATCH,
    ) -> None:
        """Open `path`, which must have passed `check_mmproj`, beside its language model.

        `most_tokens` is how large a picture may become where the model can choose.

        Raises:
            KnownError: llama.cpp cannot load it, or not for this language model.
        """
        self._mtmd = mtmd()
        self._text_model = text_model
        self._cancelled: Callable[[], bool] = _never
        self._operations = 0
        self._watch = llama.ggml_backend_sched_eval_callback(self._evaluated)
        params = self._mtmd.mtmd_context_params_default()
        params.use_gpu = on_gpu
        params.print_timings = False
        params.n_threads = n_threads
        params.warmup = False
        params.image_max_tokens = most_tokens
        params.cb_eval = self._watch
        recent_llama_errors()
        context = self._mtmd.mtmd_init_from_file(os.fsencode(path), text_model.model, params)
        if not context:
            raise KnownError(
                "expected an mmproj file for this language model in {path}, found one that "
                "llama.cpp refuses ({said}): get the one that was published with the model",
                "bundle",
                path=path.name,
                said=recent_llama_errors(),
            )
        self._context = context
        self.close = weakref.finalize(self, self._mtmd.mtmd_free, context)
        """Free it; safe to call twice, and called when nobody holds it any more."""
        self._m_rope = bool(self._mtmd.mtmd_decode_use_mrope(context))
        self.rate_hz: int | None = None
        """Samples a second of a sound; None for a model that does not hear."""
        sees = bool(self._mtmd.mtmd_support_vision(context))
        hears = bool(self._mtmd.mtmd_support_audio(context))
        if hears:
            self.rate_hz = int(self._mtmd.mtmd_get_audio_sample_rate(context))
        self.modalities = frozenset((*(("image", "video") if sees else ()), *(("audio",) * hears)))
        """The modalities that it takes; a clip is taken as pictures."""

    def positions(self, pieces: Sequence[Piece]) -> int:
        """Positions of a medium's chunks; nothing is encoded.

        Raises:
            KnownError: the model cannot take such a medium.
        """
        with self._read(pieces) as blocks:
            return sum(self._mtmd.mtmd_input_chunk_get_n_tokens(block) for block in blocks)

    def chunks(
        self, pieces: Sequence[Piece], key: str, cancelled: Callable[[], bool] | None = None
    ) -> tuple[Chunk, ...]:
        """A medium as chunks of a prompt, with the tokens that the model has around it. `key` names
        its contents; `cancelled` is asked often and must not raise.

        Raises:
            Cancelled: it was stopped.
            KnownError: the model cannot take such a medium.
        """
        with self._read(pieces) as blocks:
            return tuple(
                self._tokens(block)
                if self._mtmd.mtmd_input_chunk_get_type(block) == _TEXT
                else self._medium(block, f"{key}/{number}", cancelled or _never)
                for number, block in enumerate(blocks)
            )

    @contextmanager
    def _read(self, pieces: Sequence[Piece]) -> Iterator[list[Any]]:
        """The blocks that mtmd makes of a medium, as pointers."""
        with ExitStack() as stack:
            library = self._mtmd
            chunks = library.mtmd_input_chunks_init()
            stack.callback(library.mtmd_input_chunks_free, chunks)
            parts = [self._part(piece, stack) for piece in pieces]
            given = (ctypes.POINTER(library.mtmd_input_part) * len(parts))(
                *(ctypes.pointer(part) for part in parts)
            )
            recent_llama_errors()
            code = library.mtmd_tokenize_from_parts(self._open, chunks, given, len(parts), False)
            if code != 0:
                raise KnownError(
                    "expected a medium that the model's encoder can take, found one that it "
                    "refuses ({said}): try another, or a larger one",
                    said=recent_llama_errors(),
                )
            yield [
                library.mtmd_input_chunks_get(chunks, i)
                for i in range(library.mtmd_input_chunks_size(chunks))
            ]

    @property
    def _open(self) -> Any:
        if not self.close.alive:
            raise BugError("the mmproj file is closed")
        _ = self._text_model.model  # which raises if it was closed
        return self._context

    def _part(self, piece: Piece, stack: ExitStack) -> Any:
        library = self._mtmd
        part = library.mtmd_input_part()
        if isinstance(piece, str):
            text = library.mtmd_input_text()
            text.text = data = piece.encode()
            text.text_len = len(data)
            part.text = ctypes.pointer(text)
            return part
        bitmap = self._picture(piece) if isinstance(piece, Picture) else self._sound(piece)
        stack.callback(library.mtmd_bitmap_free, bitmap)
        part.bitmap = bitmap
        return part

    def _picture(self, picture: Picture) -> Any:
        pixels = np.ascontiguousarray(picture.pixels, np.uint8)
        height, width, channels = pixels.shape
        if channels != 3:
            raise BugError(f"expected pixels [H, V, 3], found {list(pixels.shape)}")
        data = pixels.ctypes.data_as(ctypes.POINTER(ctypes.c_uint8))
        bitmap = self._mtmd.mtmd_bitmap_init(width, height, data)
        self._mtmd.mtmd_bitmap_set_mergeable(bitmap, picture.joins)
        return bitmap

    def _sound(self, sound: Samples) -> Any:
        samples = np.ascontiguousarray(sound.samples, np.float32)
        # llama.cpp ends the process on a sound shorter than some frames of its spectrum.
        padded = np.pad(samples, (0, max((self.rate_hz or 0) // 2 - len(samples), 1)))
        data = padded.ctypes.data_as(ctypes.POINTER(ctypes.c_float))
        return self._mtmd.mtmd_bitmap_init_from_audio(len(padded), data)

    def _tokens(self, block: Any) -> TokenChunk:
        count = ctypes.c_size_t()
        ids = self._mtmd.mtmd_input_chunk_get_tokens_text(block, ctypes.byref(count))
        return TokenChunk(tuple(ids[: count.value]))

    def _medium(self, block: Any, key: str, cancelled: Callable[[], bool]) -> MediaChunk:
        causal = not self._mtmd.mtmd_decode_use_non_causal(self._context, block)
        count = int(self._mtmd.mtmd_input_chunk_get_n_tokens(block))
        if not causal and count > N_BATCH:
            raise KnownError(
                "expected a picture of at most {most} embeddings, found {count}: the model "
                "looks at each as a whole. Use a smaller picture.",
                most=N_BATCH,
                count=count,
            )
        self._encode(block, cancelled)
        found = self._mtmd.mtmd_get_output_embd(self._context)
        shape = (count, self._text_model.d_input)
        embeddings = np.ctypeslib.as_array(found, shape=shape).copy()
        return MediaChunk(key, embeddings, self._placing(block, count), causal)

    def rehearse(self) -> None:
        """Encode a small picture and a short sound, as far as they are taken, and forget them.

        Raises:
            KnownError: the encoder fails on them.
        """
        noise = np.random.default_rng(0)
        if "image" in self.modalities:
            self._rehearse(Picture(noise.integers(0, 256, (72, 96, 3), np.uint8)))
        if self.rate_hz is not None:
            self._rehearse(Samples(noise.uniform(-1, 1, self.rate_hz).astype(np.float32)))

    def _rehearse(self, piece: Piece) -> None:
        with self._read([piece]) as blocks:
            for block in blocks:
                if self._mtmd.mtmd_input_chunk_get_type(block) != _TEXT:
                    self._encode(block, _never)

    def _encode(self, block: Any, cancelled: Callable[[], bool]) -> None:
        """Have mtmd encode a block; the result is where it keeps it."""
        if cancelled():
            raise Cancelled
        recent_llama_errors()
        self._cancelled = cancelled
        try:
            code = self._mtmd.mtmd_encode_chunk(self._open, block)
        finally:
            self._cancelled = _never
        if cancelled():
            raise Cancelled
        if code != 0:
            raise KnownError(
                "the model's encoder failed ({said}): try a smaller medium",
                said=recent_llama_errors(),
            )

    def _evaluated(self, _: Any, asks: bool, __: Any) -> bool:
        """llama.cpp asks at every operation whether it should report it when it is done, and goes
        on while the report returns True."""
        if not asks:
            return not self._cancelled()
        self._operations += 1
        return self._operations % _LOOK == 0

    def _placing(self, block: Any, count: int) -> Placing | None:
        """Coordinates of a picture's embeddings; a sound's lie in a row."""
        is_image = self._mtmd.mtmd_input_chunk_get_type(block) == _IMAGE
        if not self._m_rope or not is_image:
            return None
        first = self._coordinates(block, count, 0)
        moving = self._coordinates(block, count, 1) - first
        return Placing(first, moving, int(self._mtmd.mtmd_input_chunk_get_n_pos(block)))

    def _coordinates(self, block: Any, count: int, begin: int) -> NDArray[np.int32]:
        """[4, N] of a picture that begins at `begin`."""
        tokens = self._mtmd.mtmd_input_chunk_get_tokens_image(block)
        found = (self._mtmd.mtmd_decoder_pos * count)()
        self._mtmd.mtmd_helper_image_get_decoder_pos(tokens, begin, found)
        rows = np.frombuffer(found, np.uint32).reshape(count, N_COORDINATES).astype(np.int32)
        time, column, line, last = rows.T
        return np.stack([time, line, column, last])
