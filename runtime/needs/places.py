"""Where the parts of a bundle lie, and how many bytes may be taken there. Plain data; knows no
torch and no llama.cpp.

torch and llama.cpp are two programs on one machine: either may have been built without the graphics
card. So each has a place of its own.
"""

from __future__ import annotations

from dataclasses import dataclass

SHARES = {"gpu": 0.9, "cpu": 0.8}
"""The default memory budget, as a share of the memory that is free at the start."""


@dataclass(frozen=True)
class Places:
    """The memories of one engine. In bytes."""

    budget: int
    """Of the device's memory, for everything that lies there."""
    device: str = "cpu"
    """A torch device name: `cpu`, `cuda:0`, `mps`."""
    card: str = ""
    """The graphics card that llama.cpp computes on, by its own name (`CUDA0`, `Vulkan0`); empty for
    the processor."""
    card_budget: int | None = None
    """Of that card, where it is not the device: for the language model alone. None where language
    model and networks share `budget`."""
    ram: int | None = None
    """Of the machine's memory, where the device has its own; None where that is not counted."""

    @property
    def unified(self) -> bool:
        """True if device and processor have one memory, as on Apple's chips."""
        return self.device == "mps"

    @property
    def on_card(self) -> bool:
        """True if networks lie in a card's own memory."""
        return has_own_memory(self.device)

    @property
    def shared(self) -> bool:
        """True if the language model's card is where the networks are."""
        return bool(self.card) and self.card_budget is None


def has_own_memory(device: str) -> bool:
    """True for a torch device that is not the machine's memory."""
    return device.startswith("cuda")


def default_budget(free: int, device: str) -> int:
    """Bytes for models where the person set no budget, of so many that are free."""
    return int(free * SHARES["gpu" if has_own_memory(device) else "cpu"])
