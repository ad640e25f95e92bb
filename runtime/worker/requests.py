"""What was asked of a worker and is not answered yet. Knows no process; its client locks it."""

from __future__ import annotations

from collections.abc import Collection
from concurrent.futures import Future

from runtime.messages import Embedding
from runtime.worker.protocol import TurnId


class Requests:
    """Turns, renderings and embeddings by their ids."""

    def __init__(self) -> None:
        self._turns: dict[TurnId, bool] = {}
        """Turns and renderings, and whether they have begun."""
        self._futures: dict[TurnId, Future[Embedding]] = {}

    def __contains__(self, turn: TurnId) -> bool:
        return turn in self._turns or turn in self._futures

    @property
    def begun(self) -> list[bool]:
        """Of each turn and rendering whether it has begun."""
        return list(self._turns.values())

    @property
    def ids(self) -> set[TurnId]:
        """All that are open."""
        return {*self._turns, *self._futures}

    def add(self, turn: TurnId, future: Future[Embedding] | None) -> None:
        """Note a request; one with a future is answered by that."""
        if future is None:
            self._turns[turn] = False
        else:
            self._futures[turn] = future

    def begin(self, turn: TurnId) -> None:
        """A turn is worked on from now on."""
        self._turns[turn] = True

    def end(self, turn: TurnId) -> None:
        """A turn is over."""
        self._turns.pop(turn, None)

    def take(self, turn: TurnId) -> Future[Embedding] | None:
        """The future of an embedding, which is answered now."""
        return self._futures.pop(turn, None)

    def lose(self, lost: Collection[TurnId]) -> tuple[list[TurnId], list[Future[Embedding]]]:
        """Forget requests; the turns and futures among them, to be told."""
        turns = [turn for turn in sorted(lost) if self._turns.pop(turn, None) is not None]
        return turns, [found for turn in lost if (found := self._futures.pop(turn, None))]
