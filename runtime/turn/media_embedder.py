"""How media become chunks of a prompt: by an ImageBind encoder, or by the language model's mmproj.

Knows which of the two takes what; imports neither.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

from plugins.errors import KnownError, phrase
from runtime.language_model.chunks import Chunk
from runtime.media.files import NOUNS
from runtime.messages import MediaPart


class MediaEmbedder(Protocol):
    """Gives the chunks of media; contents that were seen lately are not encoded again."""

    @property
    def encoded(self) -> int:
        """The number of times that an encoder ran."""

    @property
    def modalities(self) -> frozenset[str]:
        """The modalities that it takes; for others something else must read a medium."""

    def embed(self, part: MediaPart, cancelled: Callable[[], bool]) -> Sequence[Chunk]:
        """A medium as chunks, the same ones each time. `cancelled` is asked often.

        Raises:
            Cancelled: it was stopped.
            KnownError: it does not take this modality, or the file is not a readable medium of it.
        """

    def positions(self, part: MediaPart) -> int:
        """Positions of a medium's chunks, which are not made for this.

        Raises:
            KnownError: as `embed`.
        """


class Embedders:
    """The embedders of one bundle as one: the first that takes a modality has it."""

    def __init__(self, bundle: str, embedders: Sequence[MediaEmbedder]) -> None:
        """`bundle` is its name."""
        self._bundle = bundle
        self._embedders = embedders

    @property
    def encoded(self) -> int:
        """The number of times that an encoder ran."""
        return sum(one.encoded for one in self._embedders)

    @property
    def modalities(self) -> frozenset[str]:
        """The modalities that any of them takes."""
        return frozenset[str]().union(*(one.modalities for one in self._embedders))

    def embed(self, part: MediaPart, cancelled: Callable[[], bool]) -> Sequence[Chunk]:
        """See `MediaEmbedder.embed`."""
        return self._for(part).embed(part, cancelled)

    def positions(self, part: MediaPart) -> int:
        """See `MediaEmbedder.positions`."""
        return self._for(part).positions(part)

    def _for(self, part: MediaPart) -> MediaEmbedder:
        for one in self._embedders:
            if part.modality in one.modalities:
                return one
        raise KnownError(
            "bundle {bundle_name} cannot take in a {noun}. Send text, or choose a bundle that can.",
            "bundle",
            bundle_name=self._bundle,
            noun=phrase(NOUNS.get(part.modality, "medium")),
        )
