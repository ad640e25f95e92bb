"""Checkpoints of a sequence, for models whose memory cannot drop a tail.

A plain KV cache forgets any number of last positions. A recurrent state (Mamba, Gated DeltaNet and
all hybrids with these) holds only where it is now, and a cache of a sliding window only the window
before that. So their state is kept at places to which prompts are likely to return, and what lies
between such a place and a prompt is decoded again. Only the part of the state that cannot be cut is
kept: what other layers hold of earlier positions is still in llama.cpp's cache.

Knows one session and lengths; knows nothing of what was decoded.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray

from runtime.language_model.gguf_check import GgufFacts

MOST: Final = 8
"""Checkpoints of one sequence."""
MOST_BYTES: Final = 512 << 20
"""Bytes of all checkpoints together; one is kept however large it is."""
NEAR: Final = 16
"""Fewer positions than these are decoded again rather than kept for."""
_NEWEST: Final = 2
"""Checkpoints that stay whatever their distance."""
_STATE_BYTES, _CACHE_BYTES = 4, 2
"""Bytes per number of a recurrent state and of a KV cache."""


class Sequence(Protocol):
    """The methods of `LlamaSession` that checkpoints need."""

    @property
    def drops_any_tail(self) -> bool:
        """True if it can forget any number of last positions."""

    def forget_from(self, position: int) -> bool:
        """Remove `position` and all after it, if it can."""

    def forget_all(self) -> None:
        """Remove everything."""

    def partial_state(self) -> NDArray[np.uint8]:
        """The part of the state that cannot be cut."""

    def restore_partial_state(self, state: NDArray[np.uint8]) -> bool:
        """Go back to such a state."""


@dataclass(frozen=True, eq=False)
class _Checkpoint:
    length: int
    """Positions that were decoded when it was kept."""
    state: NDArray[np.uint8]


class SequenceCheckpoints:
    """The places that a sequence can go back to, the longest last."""

    def __init__(
        self, sequence: Sequence, *, most: int = MOST, most_bytes: int = MOST_BYTES
    ) -> None:
        self._sequence = sequence
        self._most = most
        self._most_bytes = most_bytes
        self._kept: list[_Checkpoint] = []

    @property
    def needed(self) -> bool:
        """False for a model that can forget any number of last positions."""
        return not self._sequence.drops_any_tail

    @property
    def lengths(self) -> tuple[int, ...]:
        """Positions before each place."""
        return tuple(checkpoint.length for checkpoint in self._kept)

    def keep(self, length: int) -> None:
        """Keep the state as it is now, after `length` positions; nothing where that is not needed
        or one is near already."""
        if not self.needed or length - self._longest() < NEAR:
            return
        self._kept.append(_Checkpoint(length, self._sequence.partial_state()))
        while len(self._kept) > 1 and self._too_many():
            del self._kept[self._least_useful()]

    def go_back(self, length: int) -> int:
        """Forget what lies behind `length`, which is less than there is; returns how many positions
        are left: fewer than `length` where no checkpoint is there."""
        while self._longest() > length:
            self._kept.pop()
        if self._sequence.forget_from(length):
            return length
        while self._kept:
            last = self._kept[-1]
            restored = self._sequence.restore_partial_state(last.state)
            if restored and self._sequence.forget_from(last.length):
                return last.length
            self._kept.pop()
        self._sequence.forget_all()
        return 0

    def _longest(self) -> int:
        return self._kept[-1].length if self._kept else 0

    def _too_many(self) -> bool:
        size = sum(checkpoint.state.nbytes for checkpoint in self._kept)
        return len(self._kept) > self._most or size > self._most_bytes

    def _least_useful(self) -> int:
        """The number of the one without which the least would have to be decoded again; the newest
        stay as long as there are others."""
        older = range(max(len(self._kept) - _NEWEST, 1))
        lengths = [0, *self.lengths, self._longest()]
        return min(older, key=lambda number: lengths[number + 2] - lengths[number])


def checkpoint_bytes(facts: GgufFacts, n_ctx: int) -> int:
    """The most bytes that checkpoints of a model may take; 0 where it needs none."""
    one = _state_values(facts) * _STATE_BYTES
    window = facts.metadata.get(f"{facts.architecture}.attention.sliding_window")
    if isinstance(window, int) and 0 < window < n_ctx:
        one += window * facts.position_values * _CACHE_BYTES
    return max(one, min(one * MOST, MOST_BYTES))


def _state_values(facts: GgufFacts) -> int:
    """Numbers in the recurrent state of all layers, as if each had one; 0 if none has."""

    def number(key: str) -> int:
        found = facts.metadata.get(f"{facts.architecture}.{key}", 0)
        return found if isinstance(found, int) and found > 0 else 0

    inner, state = number("ssm.inner_size"), number("ssm.state_size")
    convolved = inner + 2 * number("ssm.group_count") * state
    values = state * inner + number("ssm.conv_kernel") * convolved
    values += number("shortconv.l_cache") * facts.d_model
    values += (number("wkv.head_size") + 2) * facts.d_model if number("wkv.head_size") else 0
    return values * number("block_count")
