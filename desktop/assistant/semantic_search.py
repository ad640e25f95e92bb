"""Search by meaning: has the engine's encoder place media and words, and compares them.

Knows the library's vectors and the assistant; what a vector is made of is the encoder's matter.

Thread contract: every method waits for the engine; call them where waiting is allowed.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import CancelledError
from itertools import islice
from typing import TYPE_CHECKING

from desktop.assistant.assistant import Assistant
from plugins.errors import KnownError
from runtime.messages import Embedding, TextPart
from storage.errors import LibraryError
from storage.records import Match, Medium

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

LEAST = 0.2
"""Cosine from which two things may be said to resemble each other. Of Pocket's media it is where
precision and recall together are best: 0.76 and 0.67 for pictures, 0.72 and 0.97 for sounds."""
OF_BEST = 0.5
"""And its share of the best: what stands far behind it resembles by chance."""
LIMIT = 24
AT_A_TIME = 100
"""Media that are looked for and then placed."""
_MODALITIES = ("image", "audio", "video")
_ANY_WORDS = "picture"
WAIT_S = 60.0


class Meaning:
    """What things mean, for one engine."""

    def __init__(self, assistant: Assistant) -> None:
        self._assistant = assistant
        self._library = assistant.library
        self._hopeless: set[str] = set()
        """Media that the encoder does not take."""

    def like(self, words: str, modality: str = "") -> list[Match]:
        """Media that resemble these words, best first; none where no encoder knows any."""
        placed = self._embedded(TextPart(words))
        if placed is None or not placed.known:
            return []
        wanted: Sequence[str] = (modality,) if modality else _MODALITIES
        found = self._library.embeddings.similar(
            _vector(placed), placed.space, modalities=wanted, limit=LIMIT
        )
        return _near(found)

    def like_medium(self, sha256: str, modality: str = "") -> list[Match]:
        """Other media that resemble this one, best first; none where the encoder does not take it.

        Raises:
            LibraryError: there is no such medium.
        """
        placed = self._embedded(self._library.media.get(sha256))
        if placed is None:
            return []
        wanted: Sequence[str] = (modality,) if modality else _MODALITIES
        found = self._library.embeddings.similar(
            _vector(placed), placed.space, modalities=wanted, limit=LIMIT + 1
        )
        others = (match for match in found if match.medium is None or match.medium.sha256 != sha256)
        return _near(list(islice(others, LIMIT)))

    def learn(self, going_on: Callable[[], bool]) -> int:
        """Place media that were not placed yet while `going_on` says so; how many were."""
        placed = self._embedded(TextPart(_ANY_WORDS))
        if placed is None:
            return 0
        count = 0
        while going_on():
            missing = self._library.embeddings.missing(
                placed.space, _MODALITIES, limit=len(self._hopeless) + AT_A_TIME
            )
            todo = [medium for medium in missing if medium.sha256 not in self._hopeless]
            if not todo:
                break
            for medium in todo:
                if not going_on():
                    return count
                if self._learn(medium):
                    count += 1
                elif not self._engine_lives:
                    return count  # What it did not get to may be placed by the next one.
                else:
                    self._hopeless.add(medium.sha256)
        return count

    @property
    def _engine_lives(self) -> bool:
        return self._assistant.state.phase in ("ready", "busy")

    def _learn(self, medium: Medium) -> bool:
        placed = self._embedded(medium)
        if placed is None:
            return False
        try:
            self._library.embeddings.put_medium(medium.sha256, placed.space, _vector(placed))
        except LibraryError:
            return False
        return True

    def _embedded(self, content: TextPart | Medium) -> Embedding | None:
        try:
            return self._assistant.embed(content).result(WAIT_S)
        except (KnownError, LibraryError, CancelledError, TimeoutError):
            # No encoder, a medium it does not take, or an engine that is gone: nothing to compare.
            return None


def _near(found: Sequence[Match]) -> list[Match]:
    """Those, best first, that resemble what was looked for."""
    least = max([LEAST, *(OF_BEST * match.score for match in found[:1])])
    return [match for match in found if match.score >= least]


def _vector(placed: Embedding) -> NDArray[np.float32]:
    """[D]"""
    import numpy as np

    return np.frombuffer(placed.vector, dtype="<f4")
