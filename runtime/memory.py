"""The models that are resident in device memory, under a budget. Knows no model and no tensor.

Everything heavy (language model, encoder, projections, decoders) is leased from here. What nobody
holds stays resident until room is needed; then what was used least recently leaves first. What is
in use never leaves, and is counted together with what it works with meanwhile.
"""

from __future__ import annotations

import gc
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from typing import Any, TypeVar, cast

from plugins.errors import KnownError

T = TypeVar("T")


class MemoryBudgetError(KnownError):
    """Something does not fit into the memory budget."""

    default_kind = "memory"

    def __init__(self, key: str, size: int, free: int, budget: int) -> None:
        self.key, self.size, self.free, self.budget = key, size, free, budget
        super().__init__(
            "{key} needs {size} of memory, but the budget of {budget} has room for {free}. Close "
            "other programs, raise the memory budget or use a smaller bundle.",
            key=key,
            size=_mib(size),
            budget=_mib(budget),
            free=_mib(max(free, 0)),
        )


@dataclass(frozen=True)
class Resident:
    """One thing that is loaded."""

    key: str
    size: int
    """Bytes."""
    in_use: bool


@dataclass
class _Entry:
    size: int
    value: Any = None
    loading: bool = True
    pinned: bool = False
    holders: Counter[int] = field(default_factory=Counter)
    """Leases by thread id."""
    working: int = 0
    """Bytes that those who hold it take beside it."""

    @property
    def in_use(self) -> bool:
        return self.loading or self.pinned or self.holders.total() > 0

    @property
    def taken(self) -> int:
        return self.size + self.working


class DeviceMemory:
    """Loaded models by key, least recently used first. Every method may be called by any thread."""

    def __init__(
        self, budget_bytes: int | None = None, *, beside: DeviceMemory | None = None
    ) -> None:
        """`budget_bytes` None: no limit, nothing is ever evicted on its own. `beside` is another
        memory of the same process, such as a graphics card's."""
        self.budget = budget_bytes
        self.peak = 0
        """The most that was ever taken, in bytes."""
        self._entries: dict[str, _Entry] = {}
        self._changed = threading.Condition()
        self._waiting: set[int] = set()
        # One load at a time: accelerate, which diffusers and transformers load with, patches
        # torch.nn.Module for the whole process meanwhile, so a second load would lose its weights.
        self._one_load: threading.RLock = beside._one_load if beside else threading.RLock()

    @property
    def used(self) -> int:
        """Bytes that are taken now."""
        with self._changed:
            return self._used()

    @contextmanager
    def lease(self, key: str, load: Callable[[], T], size: int, working: int = 0) -> Iterator[T]:
        """Hold what `load` makes (or made before) for `key`; `size` is its bytes.

        `load` runs in the calling thread, once, however many threads ask at the same time, and
        never beside another load. `working` bytes are taken beside it while it is held: since that
        is an estimate, everything else leaves for it, but nothing is refused.

        Raises:
            MemoryBudgetError: it is larger than the budget, or can never fit beside what is in use.
        """
        me = threading.get_ident()
        entry = self._acquire(key, load, size, working, me)
        try:
            yield cast(T, entry.value)
        finally:
            with self._changed:
                entry.holders[me] -= 1
                entry.working -= working
                self._changed.notify_all()

    def pin(self, key: str, load: Callable[[], T], size: int) -> T:
        """Like `lease`, held until `drop`.

        Raises:
            MemoryBudgetError: as `lease`.
        """
        with self.lease(key, load, size) as value:
            with self._changed:
                self._entries[key].pinned = True
            return value

    def drop(self, key: str) -> None:
        """Unpin `key` and free it once it is not leased; no effect if it is not resident."""
        with self._changed:
            entry = self._entries.get(key)
            if entry is None:
                return
            entry.pinned = False
            self._changed.wait_for(lambda: not entry.in_use)
            self._free([key])

    def residents(self) -> tuple[Resident, ...]:
        """The loaded objects, least recently used first."""
        with self._changed:
            return tuple(Resident(k, e.size, e.in_use) for k, e in self._entries.items())

    def clear(self) -> None:
        """Free everything that is not leased, pinned or not."""
        with self._changed:
            for entry in self._entries.values():
                entry.pinned = False
            self._free([key for key, entry in self._entries.items() if not entry.in_use])

    def _acquire(
        self, key: str, load: Callable[[], Any], size: int, working: int, me: int
    ) -> _Entry:
        with self._changed:
            while True:
                entry = self._entries.get(key)
                loaded = entry is not None and not entry.loading
                if loaded or entry is None:
                    needed = 0 if loaded else size
                    if self._make_room(key, needed, working, me):
                        break
                self._wait(me)
            entry = self._entries.pop(key, None) or _Entry(size)
            self._entries[key] = entry
            entry.holders[me] += 1
            entry.working += working
            self.peak = max(self.peak, self._used())
        return entry if loaded else self._load(key, entry, load)

    def _load(self, key: str, entry: _Entry, load: Callable[[], Any]) -> _Entry:
        try:
            with self._one_load:
                entry.value = load()
        except BaseException:
            with self._changed:
                self._entries.pop(key, None)
                self._changed.notify_all()
            raise
        with self._changed:
            entry.loading = False
            self._changed.notify_all()
        return entry

    def _wait(self, me: int) -> None:
        self._waiting.add(me)
        try:
            self._changed.wait()
        finally:
            self._waiting.discard(me)

    def _make_room(self, key: str, size: int, working: int, me: int) -> bool:
        """Evict until `size` and `working` fit; False when that must wait for somebody to let go.

        Waiting is refused when all who hold something wait themselves: it would be for ever. For
        `working` alone nobody is refused.
        """
        if self.budget is None:
            return True
        own = self._entries.get(key)
        stays = sum(e.size for e in self._entries.values() if e.pinned or e is own)
        if size > self.budget - stays:
            raise MemoryBudgetError(key, size, self.budget - stays, self.budget)
        wanted = min(size + working, self.budget - stays)
        used = self._used()
        leaving: list[str] = []
        for other, entry in self._entries.items():
            if used + wanted <= self.budget:
                break
            if not entry.in_use and entry is not own:
                leaving.append(other)
                used -= entry.taken
        blocked = self._waiting | {me}
        holders = {t for e in self._entries.values() for t, n in e.holders.items() if n > 0}
        for_ever = holders <= blocked
        if used + (size if for_ever else wanted) <= self.budget:
            self._free(leaving)
            return True
        if for_ever:
            raise MemoryBudgetError(key, size, self.budget - used, self.budget)
        return False

    def _used(self) -> int:
        return sum(entry.taken for entry in self._entries.values())

    def _free(self, keys: list[str]) -> None:
        for key in keys:
            del self._entries[key]
        if keys:
            gc.collect()
            _empty_device_cache()
            self._changed.notify_all()


class WorkingMemory:
    """A memory for one piece of work: whatever it leases takes so many bytes more meanwhile."""

    def __init__(self, memory: DeviceMemory, working: int) -> None:
        self._memory, self._working = memory, working

    def lease(self, key: str, load: Callable[[], T], size: int) -> AbstractContextManager[T]:
        """Like `DeviceMemory.lease`."""
        return self._memory.lease(key, load, size, self._working)


def _empty_device_cache() -> None:
    """Give freed blocks back to the graphics card, if torch runs on one in this process."""
    torch = sys.modules.get("torch")
    if torch is None:
        return
    if torch.cuda.is_available() and torch.cuda.is_initialized():
        torch.cuda.empty_cache()
    elif torch.backends.mps.is_available():
        torch.mps.empty_cache()


def _mib(size: int) -> str:
    return f"{size / 2**20:.1f} MiB"
