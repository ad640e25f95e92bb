"""Training processes on this machine, which work together or side by side on their share of the
cores.

Knows processes; knows no stage and no model.
"""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Callable
from multiprocessing import parent_process
from typing import Any, Self

import torch
from torch import distributed, multiprocessing
from torch.multiprocessing.spawn import (
    ProcessExitedException,
    ProcessRaisedException,
    start_processes,
)

from plugins.errors import KnownError

HERE = "127.0.0.1"
REFUSED = 2
"""Exit code of a process whose `KnownError` is on its way to the one that started it."""


class Group:
    """Processes that are one training; a context that ends those which still run."""

    def __init__(
        self, count: int, work: Callable[..., None], *given: Any, beside: int = 1, name: str = ""
    ) -> None:
        """Call `work(*given)` in `count` processes that accelerate finds to be one training.

        Args:
            work: at the top level of a module, with arguments that pickle.
            beside: how many groups share the cores, this one among them.
            name: what is told of it when it fails.
        """
        self.name = name or f"one of {count} processes that train together"
        self._refusals = multiprocessing.get_context("spawn").SimpleQueue()
        share = max(1, torch.get_num_threads() // (count * beside))
        self._context = start_processes(  # type: ignore[no-untyped-call]
            _one, (count, share, _free_port(), self._refusals, work, given), nprocs=count,
            join=False, start_method="spawn",
        )  # fmt: skip

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.end()

    def ended(self, wait_s: float | None = None) -> bool:
        """True if all are done, now or within so many seconds; None waits for as long as it takes.

        Raises:
            KnownError: one of them raised it, or was ended from outside. The others are ended.
            RuntimeError: one of them raised something else; tells its traceback.
        """
        try:
            return bool(self._context.join(wait_s))
        except ProcessExitedException as error:
            if not self._refusals.empty():
                raise KnownError(self._refusals.get()) from None
            raise KnownError(
                f"{self.name} was ended from outside: {error}. If it was for want of memory, have "
                "fewer at a time. Give --resume to go on."
            ) from error
        except ProcessRaisedException as error:
            if not self._refusals.empty():
                raise KnownError(self._refusals.get()) from None
            raise RuntimeError(f"{self.name}: {error}") from error

    def end(self) -> None:
        """End what still runs."""
        for process in self._context.processes:
            if process.is_alive():
                process.terminate()
                process.join()


def run(count: int, work: Callable[..., None], *given: Any) -> None:
    """Call `work(*given)` in `count` processes that accelerate finds to be one training, and wait.

    Raises:
        KnownError: as of `Group.ended`.
        RuntimeError: as of `Group.ended`.
    """
    with Group(count, work, *given) as group:
        while not group.ended():
            continue


def _one(
    index: int, count: int, threads: int, port: int, refusals: Any, work: Callable[..., None],
    given: tuple[Any, ...],
) -> None:  # fmt: skip
    """Entry point of each process."""
    threading.Thread(target=_end_with_parent, daemon=True).start()
    if count > 1:
        named = {"RANK": index, "LOCAL_RANK": index, "WORLD_SIZE": count, "LOCAL_WORLD_SIZE": count}
        os.environ |= {name: str(value) for name, value in named.items()}
        os.environ |= {"MASTER_ADDR": HERE, "MASTER_PORT": str(port)}
    torch.set_num_threads(threads)
    try:
        work(*given)
    except KnownError as error:
        refusals.put(str(error))
        raise SystemExit(REFUSED) from None
    if distributed.is_initialized():
        distributed.destroy_process_group()


def _end_with_parent() -> None:
    """A parent that is killed must not leave processes behind that write to its run's folder.

    torch sends them what Ctrl-C sends, which is ignored by all that a script put in the background.
    """
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _free_port() -> int:
    with socket.socket() as found:
        found.bind((HERE, 0))
        return int(found.getsockname()[1])
