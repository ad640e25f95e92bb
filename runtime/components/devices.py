"""The devices of this machine: what torch sees, what llama.cpp was built for, and which of them an
engine computes on.

The two are chosen apart. torch on a graphics card beside a llama.cpp for the processor is the
ordinary state of a machine, and so is the other way round where only Vulkan knows the card.
"""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import torch  # noqa: TID253

from plugins.errors import KnownError
from runtime import needs
from runtime.language_model.device.cards import Card, backends, cards
from runtime.language_model.device.library import start_llama
from runtime.needs.places import Places, default_budget, has_own_memory

AUTO = "auto"
_SAME_CARD = ("CUDA", "ROCm")
"""What drives a card that torch calls `cuda`, as ggml names it."""
_APPLE = ("MTL", "Metal")
_FOR_CARDS = (*_SAME_CARD, *_APPLE, "Vulkan", "SYCL", "OpenCL")
_NVIDIA, _NODES = Path("/proc/driver/nvidia"), Path("/dev/dri")


@dataclass(frozen=True)
class Found:
    """What there is on this machine, for a report."""

    torch_for: str
    """What torch was built for: `CUDA 13.0`, `ROCm 6.4`, `Apple`; empty for the processor."""
    torch_cards: tuple[str, ...]
    """Names of the cards that torch sees."""
    llama_for: tuple[str, ...]
    """What llama.cpp was built for beside the processor: `CUDA`, `Vulkan`, `MTL`."""
    llama_cards: tuple[str, ...]
    """Names of the cards that it can compute on."""
    driver: bool
    """True if the system has NVIDIA's driver."""
    render_nodes: bool
    """True if the system offers a graphics card of any maker for computing."""


def found() -> Found:
    """Ask torch, llama.cpp and the system.

    Raises:
        KnownError: llama.cpp cannot be started.
    """
    start_llama()
    own = tuple(torch.cuda.get_device_name(n) for n in range(torch.cuda.device_count()))
    mps = torch.backends.mps.is_available()
    return Found(
        torch_for=_built_for(),
        torch_cards=own or (("Apple's graphics",) if mps else ()),
        llama_for=tuple(name for name in backends() if name.startswith(_FOR_CARDS)),
        llama_cards=tuple(card.description for card in cards()),
        driver=shutil.which("nvidia-smi") is not None or _NVIDIA.exists(),
        render_nodes=any(_NODES.glob("renderD*")),
    )


def _built_for() -> str:
    if torch.version.cuda:
        return f"CUDA {torch.version.cuda}"
    if torch.version.hip:
        return f"ROCm {torch.version.hip}"
    return "Apple" if torch.backends.mps.is_built() else ""


def known_devices() -> tuple[str, ...]:
    """The torch devices of this machine, best first: `cuda:0`, `cuda:1`, `mps`, `cpu`."""
    found = [f"cuda:{number}" for number in range(torch.cuda.device_count())]
    if torch.backends.mps.is_available():
        found.append("mps")
    return (*found, "cpu")


def choose_device(wish: str) -> str:
    """A torch device name for `auto`, `cpu`, `cuda`, `cuda:N` or `mps`.

    Raises:
        KnownError: no such device on this machine; those that exist are listed.
    """
    known = known_devices()
    if wish == AUTO:
        return known[0]
    device = "cuda:0" if wish == "cuda" else wish
    if device not in known:
        raise KnownError(
            "device: expected auto, {known} on this machine, found {wish}. Choose among these.",
            "device",
            known=" or ".join(reversed(known)),
            wish=repr(wish),
        )
    return device


def free_device_bytes(device: str) -> int:
    """The free bytes of a graphics card; for a device that computes in the machine's memory, what
    that could still give."""
    if has_own_memory(device):
        return int(torch.cuda.mem_get_info(device)[0])
    free = needs.available_bytes()
    if device == "mps":
        left = torch.mps.recommended_max_memory() - torch.mps.driver_allocated_memory()
        return min(free, int(left))
    return free


def places(wish: str, device: str, budget: int | None = None) -> Places:
    """Where an engine computes.

    Args:
        wish: as `choose_device` has it.
        device: what that chose.
        budget: bytes that the person set for the device; None is most of what is free.

    Raises:
        KnownError: llama.cpp cannot be started.
    """
    start_llama()
    found = card_for(wish, device, cards())
    free = free_device_bytes(device)
    budget = default_budget(free, device) if budget is None else budget
    own = has_own_memory(device)
    ram = default_budget(needs.available_bytes(), "cpu") if own else None
    if found is None:
        return Places(budget, device, ram=ram)
    apart = device == "cpu"
    card_budget = default_budget(found.free, "cuda") if apart else None
    return Places(budget, device, found.name, card_budget, ram)


def card_for(wish: str, device: str, known: Sequence[Card]) -> Card | None:
    """The card that llama.cpp takes; None for the processor.

    It is torch's own where that is a card. Where torch has none, it is the first that has memory of
    its own, unless the person wants the processor.
    """
    if device == "mps":
        return next((card for card in known if card.name.startswith(_APPLE)), None)
    if has_own_memory(device):
        return _same_card(device, known)
    if wish == "cpu":
        return None
    return next((card for card in known if not card.integrated), None)


def _same_card(device: str, known: Sequence[Card]) -> Card | None:
    """What torch calls `cuda:N`: by the number where ggml counts the same, else by its name."""
    number = device.partition(":")[2]
    for card in known:
        if card.name in {f"{driver}{number}" for driver in _SAME_CARD}:
            return card
    name = torch.cuda.get_device_name(device)
    named = [card for card in known if not card.integrated and _alike(card.description, name)]
    same = [f"cuda:{i}" for i in range(torch.cuda.device_count())]
    twins = [other for other in same if torch.cuda.get_device_name(other) == name]
    if len(named) != len(twins):
        return None
    return named[twins.index(device)]


def _alike(one: str, other: str) -> bool:
    """Whether two drivers mean the same card: one may write more behind its name."""
    one, other = one.casefold(), other.casefold()
    return one in other or other in one
