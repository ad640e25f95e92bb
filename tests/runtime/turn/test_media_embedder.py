"""The first embedder that takes a modality has it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest

from plugins.errors import KnownError
from runtime.language_model.chunks import Chunk, TokenChunk
from runtime.messages import MediaPart
from runtime.turn.media_embedder import Embedders


class Words:
    """An embedder that gives one token for each medium."""

    def __init__(self, token: int, *modalities: str) -> None:
        self.modalities = frozenset(modalities)
        self.encoded = 0
        self._token = token

    def embed(self, part: MediaPart, cancelled: Callable[[], bool]) -> Sequence[Chunk]:
        self.encoded += 1
        return (TokenChunk((self._token,)),)

    def positions(self, part: MediaPart) -> int:
        return self._token


def test_the_first_that_takes_a_modality_has_it() -> None:
    both = Embedders("b", [Words(1, "image"), Words(2, "image", "audio")])
    assert both.modalities == {"image", "audio"}
    picture, sound = MediaPart("image", "a.png"), MediaPart("audio", "a.wav")
    assert [list(both.embed(part, lambda: False)) for part in (picture, sound)] == [
        [TokenChunk((1,))],
        [TokenChunk((2,))],
    ]
    assert (both.positions(picture), both.positions(sound), both.encoded) == (1, 2, 2)


def test_what_nobody_takes_is_refused_by_name() -> None:
    none = Embedders("words", [])
    assert none.modalities == frozenset() and none.encoded == 0
    with pytest.raises(KnownError, match="bundle words cannot take in a clip"):
        none.embed(MediaPart("video", "a.mp4"), lambda: False)
    with pytest.raises(KnownError, match="Send text"):
        none.positions(MediaPart("video", "a.mp4"))
