"""The one queue for everything that is computed: first come, first served.

Thread contract: the thread of the event loop.
"""

from __future__ import annotations

import asyncio
from collections import deque
from http import HTTPStatus

from desktop.serve.errors import ApiError

MOST_WAITING = 64
"""So many wait at most; a later one is asked to come again."""


class FairQueue:
    """Lets in as many as there are places, usually one, in the order in which they came."""

    def __init__(self, most: int = MOST_WAITING, *, places: int = 1) -> None:
        self._most, self._places = most, places
        self._taken = 0
        self._waiting: deque[asyncio.Future[None]] = deque()

    @property
    def taken(self) -> int:
        """How many are in."""
        return self._taken

    @property
    def waiting(self) -> int:
        """How many wait."""
        return len(self._waiting)

    async def enter(self) -> None:
        """Wait for one's turn; `leave` ends it.

        Raises:
            ApiError: too many wait already.
        """
        if self._taken < self._places and not self._waiting:
            self._taken += 1
            return
        if len(self._waiting) >= self._most:
            raise ApiError(
                f"expected at most {self._most} requests that wait, found as many. Ask again "
                "later.",
                status=HTTPStatus.SERVICE_UNAVAILABLE,
                code="queue_full",
                headers={"Retry-After": "5"},
            )
        place: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append(place)
        try:
            await place
        except asyncio.CancelledError:
            if place in self._waiting:
                self._waiting.remove(place)
            elif place.done() and not place.cancelled():
                self.leave()  # It was let in at the moment in which it gave up.
            raise

    def leave(self) -> None:
        """Let the next one in."""
        while self._waiting:
            place = self._waiting.popleft()
            if not place.done():
                place.set_result(None)
                return
        self._taken -= 1
