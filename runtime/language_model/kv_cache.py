"""The contents of the KV cache, position by position, and how a prompt gets into it.

Knows chunks and one llama.cpp session; knows nothing of signals, sampling or text. The list of
cells changes only after llama.cpp has done its part, so an interrupted call leaves both equal.

Legend: N positions, D model width.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from plugins.errors import BugError, Cancelled, KnownError
from runtime.language_model.chunks import Cell, Chunk, MediaChunk, TokenChunk, reusable
from runtime.language_model.limits import N_OUTPUTS
from runtime.language_model.llama_session import LlamaSession

Float32 = NDArray[np.float32]


@dataclass(frozen=True)
class PromptUsage:
    """Positions of a prompt."""

    prompt_tokens: int
    reused_tokens: int
    """The number of those that were still in the KV cache."""


class KvContext:
    """The positions of one session."""

    def __init__(self, session: LlamaSession, n_ctx: int) -> None:
        self._session = session
        self._n_ctx = n_ctx
        self._cells: list[Cell] = []
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

        Raises:
            KnownError: the prompt is longer than the context.
            Cancelled: `cancelled` said so; what was decoded till then stays in the cache.
        """
        wanted = [cell for chunk in prompt for cell in chunk.cells()]
        if not wanted:
            raise BugError("a prompt needs at least one position")
        if len(wanted) > self._n_ctx:
            raise KnownError(
                "expected a prompt of at most {n_ctx} positions, found {wanted_count}: "
                "shorten the message or give fewer media",
                "context",
                n_ctx=self._n_ctx,
                wanted_count=len(wanted),
            )
        begin = _begin_of_medium(wanted, max(len(wanted) - max(fresh, 1), 0))
        reused = self._truncate(min(reusable(self._cells, wanted), begin))
        self._has_logits = False
        self._session.watch(cancelled)
        try:
            for piece in _pieces(prompt, reused, self._session.n_batch, cut=begin):
                if cancelled is not None and cancelled():
                    raise Cancelled
                self._decode(piece, last=len(self._cells) + piece.positions == len(wanted))
        finally:
            self._session.watch(None)
        self._has_logits = True
        return PromptUsage(len(wanted), reused)

    def put(self, token: int) -> None:
        """Append one token; then the next can be sampled."""
        self._session.decode_one(token, len(self._cells))
        self._cells.append(token)

    def put_run(self, ids: Sequence[int]) -> Float32:
        """Append tokens and return their states [N, D], see `LlamaSession.decode_states`."""
        return self.put_chunk(TokenChunk(tuple(ids)))

    def put_chunk(self, chunk: Chunk) -> Float32:
        """Append a chunk and return the states [N, D] of all its positions."""
        states = []
        for piece in _pieces([chunk], 0, N_OUTPUTS):
            states.append(self._decode_states(piece))
            self._cells += piece.cells()
        self._has_logits = True
        return np.concatenate(states)

    def _truncate(self, length: int) -> int:
        """Forget what lies behind `length`; returns how many positions are left."""
        if length < len(self._cells) and not self._session.forget_from(length):
            length = 0
        del self._cells[length:]
        return length

    def _decode(self, piece: _Piece, *, last: bool) -> None:
        n_past = len(self._cells)
        try:
            if isinstance(piece.data, tuple):
                self._session.decode_tokens(piece.data, n_past, logits=last)
            else:
                self._session.decode_embeddings(piece.data, n_past, logits=last)
        except Cancelled:
            if not self._session.forget_from(n_past):
                self._cells.clear()
            raise
        self._cells += piece.cells()

    def _decode_states(self, piece: _Piece) -> Float32:
        if isinstance(piece.data, tuple):
            return self._session.decode_states(piece.data, len(self._cells))
        return self._session.decode_embedding_states(piece.data, len(self._cells))


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

    def cells(self) -> list[Cell]:
        return self.chunk.cells()[self.begin : self.end]


def _begin_of_medium(cells: Sequence[Cell], position: int) -> int:
    """`position`, moved to the beginning of the medium that it is in."""
    cell = cells[position]
    return position if isinstance(cell, int) else position - cell[1]


def _pieces(prompt: Sequence[Chunk], skip: int, limit: int, cut: int = 0) -> Iterator[_Piece]:
    """`prompt` without its first `skip` positions, in pieces of at most `limit` positions, none
    of which lies on both sides of `cut`."""
    start = 0
    for chunk in prompt:
        begin = max(skip - start, 0)
        while begin < chunk.positions:
            end = min(begin + limit, chunk.positions)
            if begin < cut - start < end:
                end = cut - start
            yield _Piece(chunk, begin, end)
            begin = end
        start += chunk.positions
