"""The context that a renderer gets: device, seed, progress, cancelling and leased models.

Implements `plugins.api.Stage`. Knows no renderer, no torch and no memory manager by name: whatever
has a matching `lease` will do.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any, Protocol, TypeVar

from plugins.errors import Cancelled

T = TypeVar("T")
OnProgress = Callable[[int, int, bytes | None], None]
"""Called with step, of and a small PNG or None, on the renderer's thread."""


class MemoryLike(Protocol):
    """Whatever keeps loaded models; see `plugins.api.Stage.lease`."""

    def lease(self, key: str, load: Callable[[], T], size: int) -> AbstractContextManager[T]:
        """Hold what `load` makes while the context is open; `size` in bytes."""
        ...


_MOST_STEPS = 2**31


class UnlimitedMemory:
    """Keeps everything that was ever loaded. For tools that load little and end soon.

    Any thread may lease; one key is loaded once, other keys are not held up by it.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._locks: dict[str, threading.Lock] = {}
        self._loaded: dict[str, Any] = {}

    @contextmanager
    def lease(self, key: str, load: Callable[[], T], size: int) -> Iterator[T]:
        """The object that `load` returns, loaded at the first lease of `key`; `size` does not
        matter here."""
        with self._lock:
            lock = self._locks.setdefault(key, threading.Lock())
        with lock:
            if key not in self._loaded:
                self._loaded[key] = load()
        yield self._loaded[key]


class RenderStage:
    """One artifact's stage. Make a new one for each.

    Thread contract: `cancel` and `cancelled` from any thread, the rest from the renderer's.
    """

    def __init__(
        self,
        seed: int,
        device: str = "cpu",
        *,
        wants_preview: bool = False,
        on_progress: OnProgress | None = None,
        cancel: threading.Event | None = None,
        memory: MemoryLike | None = None,
    ) -> None:
        """Make a stage.

        Args:
            seed: the same seed and condition give the same bytes.
            device: a torch device name.
            wants_preview: whether renderers should spend time on previews.
            on_progress: told after every step.
            cancel: when set, stops this stage; it may be shared with others and is never set here.
            memory: keeps models between renders; without one this stage keeps its own, so nothing
                is reused by the next.
        """
        self._seed = seed
        self._device = device
        self._wants_preview = wants_preview
        self._on_progress = on_progress
        self._shared = cancel
        self._own = threading.Event()
        self._memory: MemoryLike = memory if memory is not None else UnlimitedMemory()
        self._step = -1
        self._advanced_at = time.monotonic()

    @property
    def device(self) -> str:
        """A torch device name, `cpu` or `cuda:0`."""
        return self._device

    @property
    def seed(self) -> int:
        """Seed of this artifact."""
        return self._seed

    @property
    def wants_preview(self) -> bool:
        """True if `progress` should be given previews."""
        return self._wants_preview

    @property
    def advanced_at(self) -> float:
        """`time.monotonic()` of the last step that was further than all before."""
        return self._advanced_at

    def begin(self) -> None:
        """The renderer starts now; called by the bus."""
        self._advanced_at = time.monotonic()

    def progress(self, step: int, of: int, preview: bytes | None = None) -> None:
        """Report that `step` of `of` is done.

        Raises:
            Cancelled: the person stopped it or its time is up.
            TypeError, ValueError, OverflowError: a plugin passed something other than numbers.
        """
        self.check()
        step, of = (min(max(int(number), 0), _MOST_STEPS) for number in (step, of))
        preview = preview if isinstance(preview, bytes) else None
        if step > self._step:
            self._step = step
            self._advanced_at = time.monotonic()
        if self._on_progress is not None:
            self._on_progress(step, of, preview)

    def check(self) -> None:
        """Raise `Cancelled` if this stage must stop."""
        if self.cancelled():
            raise Cancelled("the rendering was stopped")

    def cancel(self) -> None:
        """Stop this stage only. Any thread, any number of times."""
        self._own.set()

    def cancelled(self) -> bool:
        """True if the work must stop at the next safe point."""
        return self._own.is_set() or (self._shared is not None and self._shared.is_set())

    def lease(self, key: str, load: Callable[[], T], size: int) -> AbstractContextManager[T]:
        """Hold a loaded model while the context is open; see `plugins.api.Stage.lease`."""
        return self._memory.lease(key, load, size)
