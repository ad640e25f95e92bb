"""The queue lets in one at a time, in the order in which they came, whoever gives up."""

from __future__ import annotations

import asyncio

import pytest

from desktop.serve.errors import ApiError
from desktop.serve.queue import FairQueue


def test_first_come_first_served_and_who_gives_up_is_passed_over() -> None:
    async def work() -> list[int]:
        queue, done = FairQueue(), list[int]()

        async def one(number: int) -> None:
            await queue.enter()
            await asyncio.sleep(0)
            done.append(number)
            queue.leave()

        await queue.enter()
        tasks = [asyncio.create_task(one(number)) for number in range(6)]
        await asyncio.sleep(0)
        assert queue.waiting == 6
        tasks[0].cancel()
        tasks[3].cancel()
        queue.leave()
        tasks[1].cancel()  # In the moment in which it is let in.
        await asyncio.gather(*tasks, return_exceptions=True)
        assert queue.waiting == 0
        await asyncio.wait_for(queue.enter(), 10)
        return done

    assert asyncio.run(work()) == [2, 4, 5]


def test_a_full_queue_says_so() -> None:
    async def work() -> ApiError:
        queue = FairQueue(most=1)
        await queue.enter()
        waiting = asyncio.create_task(queue.enter())
        await asyncio.sleep(0)
        with pytest.raises(ApiError) as caught:
            await queue.enter()
        queue.leave()
        await waiting
        return caught.value

    error = asyncio.run(work())
    assert error.status == 503 and error.headers["Retry-After"]
