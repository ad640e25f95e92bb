"""The one queue for everything that the engine computes: first come, first served.

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
    """Lets in one at a time, in the order in which they came."""

    def __init__(self, most: int = MOST_WAITING) -> None:
        self._most = most
        self._taken = False
        self._waiting: deque[asyncio.Future[None]] = deque()

    @property
    def taken(self) -> bool:
        """Whether somebody is in."""
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
        if not self._taken and not self._waiting:
            self._taken = True
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
        self._taken = False
