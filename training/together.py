"""Several processes of this machine that train together, each on its share of the cores.

Knows processes; knows no stage and no model.
"""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Callable
from multiprocessing import parent_process
from typing import Any

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


def run(count: int, work: Callable[..., None], *given: Any) -> None:
    """Call `work(*given)` in `count` processes that accelerate finds to be one training.

    Args:
        work: at the top level of a module, with arguments that pickle.

    Raises:
        KnownError: one of them raised it, or was ended from outside. The others are ended.
        RuntimeError: one of them raised something else; tells its traceback.
    """
    refusals = multiprocessing.get_context("spawn").SimpleQueue()
    context = start_processes(  # type: ignore[no-untyped-call]
        _one, (count, _free_port(), refusals, work, given), nprocs=count, join=False,
        start_method="spawn",
    )  # fmt: skip
    try:
        while not context.join():
            continue
    except ProcessExitedException as error:
        if not refusals.empty():
            raise KnownError(refusals.get()) from None
        raise KnownError(
            f"one of {count} processes that train together was ended from outside: {error}. If it "
            "was for want of memory, take fewer of them. Give --resume to go on."
        ) from error
    except ProcessRaisedException as error:
        if not refusals.empty():
            raise KnownError(refusals.get()) from None
        raise RuntimeError(f"one of {count} processes that train together: {error}") from error
    finally:
        for process in context.processes:
            if process.is_alive():
                process.terminate()
                process.join()


def _one(
    index: int, count: int, port: int, refusals: Any, work: Callable[..., None],
    given: tuple[Any, ...],
) -> None:  # fmt: skip
    """What each of the processes does."""
    threading.Thread(target=_end_with_parent, daemon=True).start()
    named = {"RANK": index, "LOCAL_RANK": index, "WORLD_SIZE": count, "LOCAL_WORLD_SIZE": count}
    os.environ |= {name: str(value) for name, value in named.items()}
    os.environ |= {"MASTER_ADDR": HERE, "MASTER_PORT": str(port)}
    torch.set_num_threads(max(1, torch.get_num_threads() // count))
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
