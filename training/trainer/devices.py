"""The device that computes, and whether this process is one of several that train together.

The choice holds for the whole process, because accelerate's own state does. Knows accelerate;
knows no stage.
"""

from __future__ import annotations

import os
from typing import Any

import torch
from accelerate import Accelerator, DistributedDataParallelKwargs
from accelerate.state import is_initialized
from accelerate.utils import gather_object

from plugins.errors import KnownError


def use(device: str) -> None:
    """Choose where this process computes: `auto` (a GPU where there is one), `cpu`, `cuda` or
    `cuda:N`. Under `accelerate launch`, this also joins the other processes.

    Raises:
        KnownError: there is no such device here, or accelerate is to split modules by its old FSDP.
    """
    wanted = _checked(device)
    splits()
    if wanted.index is not None:
        os.environ["ACCELERATE_TORCH_DEVICE"] = str(wanted)
    Accelerator(cpu=wanted.type == "cpu")


def check_room(device: str, processes: int) -> None:
    """Check that `count` processes started here can compute on this device.

    Raises:
        KnownError: there are not as many GPUs, or this is one of several processes itself.
    """
    if processes == 1:
        return
    if "WORLD_SIZE" in os.environ:
        raise KnownError(
            "--processes starts the processes itself; leave it out under torchrun or accelerate."
        )
    wanted, gpus = _checked(device), torch.cuda.device_count()
    if wanted.type == "cuda" and (":" in device or processes > gpus):
        raise KnownError(
            f"{processes} processes need a GPU each: expected --device cuda and at least as many, "
            f"found --device {device} and {gpus} GPUs."
        )


def stages_at_once(device: str, processes: int, wanted: int | None) -> int:
    """The number of stages that train at the same time: the number that was asked for, else two on
    CPUs with at least one core per stage, and one where a GPU or several processes train.

    Raises:
        KnownError: several stages are wanted, and processes that share every stage.
    """
    shared = processes > 1 or "WORLD_SIZE" in os.environ
    if shared and (wanted or 1) > 1:
        raise KnownError(
            "--parallel-stages trains several stages at once, processes share each of them: "
            "expected one of the two, found both."
        )
    if wanted is not None:
        return wanted
    alone = shared or _checked(device).type == "cuda" or torch.get_num_threads() < 2
    return 1 if alone else 2


def _checked(device: str) -> torch.device:
    gpus = torch.cuda.device_count()
    kind, _, number = device.partition(":")
    if device == "auto":
        return torch.device("cuda" if gpus else "cpu")
    if kind not in ("cpu", "cuda") or (number and (kind == "cpu" or not number.isdecimal())):
        raise KnownError(f"expected device auto, cpu, cuda or cuda:N, found {device!r}.")
    if kind == "cuda" and int(number or 0) >= gpus:
        raise KnownError(
            f"device {device} was asked for, but torch finds {gpus} CUDA devices here; "
            "leave --device out to take what there is."
        )
    return torch.device(device)


def splits() -> bool:
    """True if accelerate's configuration splits modules over processes by FSDP.

    Every process then still loads whole models: accelerate would have all but the first load empty
    ones, and what no training splits, such as teachers, would stay empty.

    Raises:
        KnownError: it is FSDP of version 1.
    """
    if os.environ.get("ACCELERATE_USE_FSDP", "false").lower() != "true":
        return False
    version = os.environ.get("FSDP_VERSION", "1")
    if version != "2":
        raise KnownError(
            f"training splits a model by FSDP of version 2, found {version}; set fsdp_version: 2 "
            "in accelerate's configuration."
        )
    os.environ["FSDP_CPU_RAM_EFFICIENT_LOADING"] = "false"
    return True


def accelerator() -> Accelerator:
    """A fresh accelerator on what `use` chose; on the processor when it was never called."""
    splits()
    unused = DistributedDataParallelKwargs(find_unused_parameters=True)
    return Accelerator(cpu=not is_initialized(), kwargs_handlers=[unused])


def device() -> torch.device:
    """The device of this process."""
    return accelerator().device


def proportion_of(count: int) -> slice:
    """The slice of `count` things that this process does when several train together."""
    found = accelerator()
    index, processes = int(found.process_index), int(found.num_processes)
    return slice(count * index // processes, count * (index + 1) // processes)


def from_all(mine: list[Any]) -> list[Any]:
    """The values of all processes, in order, in every process."""
    return list(gather_object(mine)) if accelerator().num_processes > 1 else mine


def describe(where: torch.device) -> str:
    """The device in words, for the record of a stage."""
    if where.type == "cuda":
        return f"{torch.cuda.get_device_name(where)}"
    return f"{where.type}, {torch.get_num_threads()} threads"
