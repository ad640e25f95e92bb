"""Device memory: what stays, what leaves, who waits."""

from __future__ import annotations

import threading
import weakref
from collections.abc import Callable

import pytest

from runtime.memory import DeviceMemory, MemoryBudgetError, WorkingMemory

MIB = 2**20
PATIENCE_S = 20.0


class Weights:
    """Something heavy that a weak reference can watch."""


def loader(made: list[Weights]) -> Callable[[], Weights]:
    def load() -> Weights:
        made.append(Weights())
        return made[-1]

    return load


def keys(memory: DeviceMemory) -> list[str]:
    return [resident.key for resident in memory.residents()]


def test_a_key_is_loaded_once_and_stays() -> None:
    memory, made = DeviceMemory(10 * MIB), list[Weights]()
    for _ in range(3):
        with memory.lease("unet", loader(made), MIB) as value:
            assert value is made[0]
    assert len(made) == 1
    assert [(r.key, r.size, r.in_use) for r in memory.residents()] == [("unet", MIB, False)]


def test_what_was_used_least_recently_leaves_first_and_is_freed() -> None:
    memory, made = DeviceMemory(2 * MIB), list[Weights]()
    for key in ("old", "new", "old"):
        with memory.lease(key, loader(made), MIB):
            pass
    watched = weakref.ref(made[1])
    made.clear()
    with memory.lease("third", Weights, MIB):
        assert keys(memory) == ["old", "third"]
    assert watched() is None


def test_what_works_takes_more_and_others_leave_for_it() -> None:
    memory = DeviceMemory(4 * MIB)
    for key in ("a", "b", "c"):
        with memory.lease(key, Weights, MIB):
            pass
    with memory.lease("c", Weights, MIB, working=2 * MIB):
        assert keys(memory) == ["b", "c"]
        assert memory.used == 4 * MIB
    assert (memory.used, memory.peak) == (2 * MIB, 4 * MIB)


def test_an_estimate_refuses_nobody() -> None:
    memory = DeviceMemory(4 * MIB)
    with memory.lease("b", Weights, MIB):
        pass
    with memory.lease("a", Weights, MIB, working=100 * MIB):
        assert keys(memory) == ["a"]
    with memory.lease("mine", Weights, 3 * MIB), memory.lease("a", Weights, MIB, working=9 * MIB):
        assert keys(memory) == ["mine", "a"]


def test_a_piece_of_work_takes_its_bytes_with_whatever_it_leases() -> None:
    memory = DeviceMemory(4 * MIB)
    with WorkingMemory(memory, MIB).lease("unet", Weights, 2 * MIB):
        assert memory.used == 3 * MIB
    assert memory.used == 2 * MIB


def test_two_memories_of_a_process_load_one_after_the_other() -> None:
    card = DeviceMemory(4 * MIB)
    ram, begun, goes_on = DeviceMemory(beside=card), threading.Event(), threading.Event()

    def slow() -> Weights:
        begun.set()
        goes_on.wait(PATIENCE_S)
        return Weights()

    def hold(memory: DeviceMemory, load: Callable[[], Weights]) -> None:
        with memory.lease("a", load, MIB):
            pass

    made: list[Weights] = []
    first = threading.Thread(target=hold, args=(card, slow))
    second = threading.Thread(target=hold, args=(ram, loader(made)))
    first.start()
    assert begun.wait(PATIENCE_S)
    second.start()
    second.join(0.05)
    assert made == []
    goes_on.set()
    for thread in (first, second):
        thread.join(PATIENCE_S)
    assert len(made) == 1


def test_what_is_in_use_never_leaves() -> None:
    memory = DeviceMemory(2 * MIB)
    with memory.lease("held", Weights, MIB):
        with memory.lease("free", Weights, MIB):
            pass
        with memory.lease("third", Weights, MIB):
            assert keys(memory) == ["held", "third"]


def test_what_is_larger_than_the_budget_is_refused_with_both_numbers() -> None:
    memory = DeviceMemory(2 * MIB)
    with pytest.raises(MemoryBudgetError, match=r"needs 3\.0 MiB .* budget of 2\.0 MiB"):
        with memory.lease("huge", Weights, 3 * MIB):
            pass
    assert memory.residents() == ()


def test_what_cannot_fit_beside_ones_own_leases_is_refused_instead_of_waiting_for_ever() -> None:
    memory = DeviceMemory(2 * MIB)
    with memory.lease("mine", Weights, MIB), pytest.raises(MemoryBudgetError):
        with memory.lease("more", Weights, 2 * MIB):
            pass


def test_what_cannot_fit_beside_pinned_things_is_refused() -> None:
    memory = DeviceMemory(2 * MIB)
    memory.pin("language model", Weights, MIB)
    with pytest.raises(MemoryBudgetError, match=r"room for 1\.0 MiB"):
        with memory.lease("more", Weights, 2 * MIB):
            pass
    memory.drop("language model")
    with memory.lease("more", Weights, 2 * MIB):
        assert keys(memory) == ["more"]


def test_a_thread_waits_until_another_lets_go() -> None:
    memory = DeviceMemory(2 * MIB)
    entered = threading.Event()

    def other() -> None:
        with memory.lease("second", Weights, 2 * MIB):
            entered.set()

    thread = threading.Thread(target=other)
    with memory.lease("first", Weights, MIB):
        thread.start()
        assert not entered.wait(0.05)
    assert entered.wait(PATIENCE_S)
    thread.join(PATIENCE_S)
    assert keys(memory) == ["second"]


def test_threads_that_would_wait_for_each_other_are_told_so() -> None:
    memory = DeviceMemory(2 * MIB)
    both_hold = threading.Barrier(2)
    refused: list[str] = []

    def greedy(mine: str, wanted: str) -> None:
        with memory.lease(mine, Weights, MIB):
            both_hold.wait(PATIENCE_S)
            try:
                with memory.lease(wanted, Weights, MIB):
                    pass
            except MemoryBudgetError:
                refused.append(mine)

    threads = [threading.Thread(target=greedy, args=pair) for pair in (("a", "c"), ("b", "d"))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE_S)
        assert not thread.is_alive()
    assert len(refused) >= 1


def test_threads_that_ask_together_share_one_load() -> None:
    memory, made = DeviceMemory(), list[Weights]()
    together = threading.Barrier(4)
    seen: list[Weights] = []

    def ask() -> None:
        together.wait(PATIENCE_S)
        with memory.lease("shared", loader(made), MIB) as value:
            seen.append(value)

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE_S)
    assert len(made) == 1 and all(value is made[0] for value in seen) and len(seen) == 4


def test_a_load_that_fails_leaves_nothing_behind() -> None:
    memory = DeviceMemory(MIB)

    def broken() -> Weights:
        raise OSError("no such file")

    with pytest.raises(OSError, match="no such file"):
        with memory.lease("unet", broken, MIB):
            pass
    with memory.lease("unet", Weights, MIB):
        assert keys(memory) == ["unet"]


def test_clear_frees_what_nobody_holds() -> None:
    memory = DeviceMemory()
    memory.pin("pinned", Weights, MIB)
    with memory.lease("held", Weights, MIB):
        memory.clear()
        assert keys(memory) == ["held"]


def test_never_are_two_things_loaded_at_once() -> None:
    memory = DeviceMemory()
    inside = threading.Semaphore(1)
    overlapped: list[bool] = []

    def load() -> Weights:
        overlapped.append(not inside.acquire(blocking=False))
        threading.Event().wait(0.02)
        inside.release()
        return Weights()

    def ask(key: str) -> None:
        with memory.lease(key, load, MIB):
            pass

    threads = [threading.Thread(target=ask, args=(key,)) for key in "abc"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE_S)
    assert overlapped == [False, False, False]
