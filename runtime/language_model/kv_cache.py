"""The contents of the KV cache, position by position, and how a prompt gets into it.

Knows chunks and one llama.cpp session; knows nothing of signals, sampling or text. The list of
cells changes only after llama.cpp has done its part, so an interrupted call leaves both equal.

Legend: N positions, D model width.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from plugins.errors import BugError, Cancelled, KnownError
from runtime.language_model.chunks import (
    Cell,
    Chunk,
    MediaChunk,
    TokenChunk,
    folded,
    reusable,
)
from runtime.language_model.limits import N_OUTPUTS
from runtime.language_model.llama_session import LlamaSession
from runtime.language_model.options import PromptUsage
from runtime.language_model.sequence_checkpoints import SequenceCheckpoints

Float32 = NDArray[np.float32]
Int32 = NDArray[np.int32]
_LONGEST_CLOSING: Final = 256
"""Positions of a last chunk that is taken for what closes a prompt."""


class KvContext:
    """The positions of one session."""

    def __init__(self, session: LlamaSession, n_ctx: int) -> None:
        self._session = session
        self._n_ctx = n_ctx
        self._cells: list[Cell] = []
        self._checkpoints = SequenceCheckpoints(_InCells(session, self._cells))
        self._folded = 0
        """See `chunks.folded`, of the cells."""
        self._has_logits = False

    @property
    def cells(self) -> tuple[Cell, ...]:
        """The content of each decoded position."""
        return tuple(self._cells)

    @property
    def room(self) -> int:
        """Positions that are still free."""
        return self._n_ctx - len(self._cells)

    @property
    def has_logits(self) -> bool:
        """True if the last position was decoded by the last call, so that it can be sampled."""
        return self._has_logits

    def prefill(
        self,
        prompt: Sequence[Chunk],
        cancelled: Callable[[], bool] | None = None,
        *,
        fresh: int = 1,
    ) -> PromptUsage:
        """Make the cache hold exactly `prompt`, decoding only what is new in it.

        The last `fresh` positions are decoded anew in calls of their own even when they are there:
        rounding depends on how many positions share a call, so only then does the same prompt
        after the same history give the same logits and states to the last bit.

        Where the model's memory cannot drop a tail, checkpoints are kept where prompts part: where
        this one left what was there, and where its last chunk begins, which closes it.

        Raises:
            KnownError: the prompt is longer than the context.
            Cancelled: `cancelled` said so; what was decoded till then stays in the cache.
        """
        wanted = [cell for chunk in prompt for cell in chunk.cells()]
        if not wanted:
            raise BugError("a prompt needs at least one position")
        if len(wanted) > self._n_ctx:
            raise KnownError(
                "expected a prompt of at most {n_ctx} tokens (words or parts of words), found "
                "{wanted_count}. Shorten the message, or give fewer or shorter files.",
                "context",
                n_ctx=self._n_ctx,
                wanted_count=len(wanted),
            )
        begin = _begin_of_medium(wanted, max(len(wanted) - max(fresh, 1), 0))
        if self._checkpoints.needed:
            begin = min(begin, _closing(prompt, len(wanted)))
        parting = min(reusable(self._cells, wanted), begin)
        reused = self._truncate(parting)
        self._has_logits = False
        self._session.watch(cancelled)
        try:
            for piece in _pieces(prompt, reused, self._session.n_batch, {begin, parting}):
                if cancelled is not None and cancelled():
                    raise Cancelled
                self._decode(piece, last=len(self._cells) + piece.positions == len(wanted))
                if len(self._cells) in (begin, parting):
                    self._checkpoints.keep(len(self._cells))
        finally:
            self._session.watch(None)
        self._has_logits = True
        return PromptUsage(len(wanted), reused)

    def put(self, token: int) -> None:
        """Append one token; then the next can be sampled."""
        self._session.decode_one(token, len(self._cells) - self._folded)
        self._cells.append(token)

    def put_run(self, ids: Sequence[int]) -> Float32:
        """Append tokens and return their states [N, D], see `LlamaSession.decode_states`."""
        return self.put_chunk(TokenChunk(tuple(ids)))

    def put_chunk(self, chunk: Chunk) -> Float32:
        """Append a chunk and return the states [N, D] of all its positions."""
        states = []
        for piece in _pieces([chunk], 0, N_OUTPUTS):
            states.append(self._decode_states(piece))
            self._add(piece)
        self._has_logits = True
        return np.concatenate(states)

    def _truncate(self, length: int) -> int:
        """Forget what lies behind `length`; returns how many positions are left."""
        return self._forget(length) if length < len(self._cells) else length

    def _forget(self, length: int) -> int:
        """As `_truncate`, with what a call that was interrupted may have left behind it."""
        length = self._checkpoints.go_back(length)
        del self._cells[length:]
        self._folded = folded(self._cells)
        return length

    def _add(self, piece: _Piece) -> None:
        cells = piece.cells()
        self._cells += cells
        self._folded += folded(cells)

    def _decode(self, piece: _Piece, *, last: bool) -> None:
        begin = len(self._cells) - self._folded
        try:
            if isinstance(piece.data, tuple):
                self._session.decode_tokens(piece.data, begin, logits=last)
            else:
                where = piece.coordinates(begin)
                self._session.decode_embeddings(
                    piece.data, begin, logits=last, coordinates=where, causal=piece.causal
                )
        except Cancelled:
            # A medium of which a part is missing is of no use, and may lie at one coordinate.
            self._forget(len(self._cells) - piece.begin_in_medium)
            raise
        self._add(piece)

    def _decode_states(self, piece: _Piece) -> Float32:
        begin = len(self._cells) - self._folded
        if isinstance(piece.data, tuple):
            return self._session.decode_states(piece.data, begin)
        where = piece.coordinates(begin)
        return self._session.decode_embedding_states(
            piece.data, begin, coordinates=where, causal=piece.causal
        )


@dataclass(frozen=True, eq=False)
class _InCells:
    """A session whose positions are counted in cells, as checkpoints count them."""

    session: LlamaSession
    cells: list[Cell]

    @property
    def drops_any_tail(self) -> bool:
        return self.session.drops_any_tail

    def forget_from(self, position: int) -> bool:
        return self.session.forget_from(position - folded(self.cells[:position]))

    def forget_all(self) -> None:
        self.session.forget_all()

    def partial_state(self) -> NDArray[np.uint8]:
        return self.session.partial_state()

    def restore_partial_state(self, state: NDArray[np.uint8]) -> bool:
        return self.session.restore_partial_state(state)


@dataclass(frozen=True, eq=False)
class _Piece:
    """Part of one chunk, small enough for one call."""

    chunk: Chunk
    begin: int
    end: int

    @property
    def data(self) -> tuple[int, ...] | Float32:
        if isinstance(self.chunk, MediaChunk):
            return self.chunk.embeddings[self.begin : self.end]
        return self.chunk.ids[self.begin : self.end]

    @property
    def positions(self) -> int:
        return self.end - self.begin

    @property
    def causal(self) -> bool:
        return not isinstance(self.chunk, MediaChunk) or self.chunk.causal

    @property
    def begin_in_medium(self) -> int:
        return self.begin if isinstance(self.chunk, MediaChunk) else 0

    def coordinates(self, begin: int) -> Int32 | None:
        """[4, N] of a piece whose first position would be at `begin`, were all in a row."""
        if isinstance(self.chunk, TokenChunk) or self.chunk.placing is None:
            return None
        return self.chunk.placing.at(begin - self.begin)[:, self.begin : self.end]

    def cells(self) -> list[Cell]:
        return self.chunk.cells()[self.begin : self.end]


def _begin_of_medium(cells: Sequence[Cell], position: int) -> int:
    """`position`, moved to the beginning of the medium that it is in."""
    cell = cells[position]
    return position if isinstance(cell, int) else position - cell[1]


def _closing(prompt: Sequence[Chunk], positions: int) -> int:
    """Where the last of several chunks begins, if that is near the end."""
    last = prompt[-1].positions
    return positions - last if len(prompt) > 1 and last <= _LONGEST_CLOSING else positions


def _pieces(
    prompt: Sequence[Chunk], skip: int, limit: int, cuts: Collection[int] = ()
) -> Iterator[_Piece]:
    """`prompt` without its first `skip` positions, in pieces of at most `limit` positions, none
    of which lies on both sides of a cut. What attends to itself as a whole stays whole."""
    start = 0
    for chunk in prompt:
        begin = max(skip - start, 0)
        whole = isinstance(chunk, MediaChunk) and not chunk.causal
        while begin < chunk.positions:
            end = chunk.positions if whole else min(begin + limit, chunk.positions)
            end = min([end, *(cut - start for cut in cuts if begin < cut - start < end)])
            yield _Piece(chunk, begin, end)
            begin = end
        start += chunk.positions
