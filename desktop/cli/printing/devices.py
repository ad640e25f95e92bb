"""What torch and llama.cpp can do with the graphics cards of this machine, in sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from runtime.components.devices import Found

CUDA = "make run CUDA=1"
VULKAN = "make run VULKAN=1"


def device_lines(found: Found) -> dict[str, str]:
    """One sentence each under `torch`, `llama.cpp` and `advice`."""
    return {"torch": _torch(found), "llama.cpp": _llama(found), "advice": advice(found)}


def as_json(found: Found) -> dict[str, Any]:
    """The facts, and what is said of them."""
    return {
        "torch_for": found.torch_for,
        "torch_cards": list(found.torch_cards),
        "llama_for": list(found.llama_for),
        "llama_cards": list(found.llama_cards),
        "said": device_lines(found),
    }


def advice(found: Found) -> str:
    """What would make it better, or that nothing would."""
    nvidia = bool(found.torch_cards) and found.torch_for.startswith("CUDA")
    if found.torch_cards and not found.llama_cards:
        if found.llama_for:
            return (
                f"The language model runs on the processor: llama.cpp for {_all(found.llama_for)} "
                f"finds no card here; `{CUDA if nvidia else VULKAN}` builds it anew."
            )
        return (
            "Pictures, sounds and clips are made on the card, and the language model runs on the "
            f"processor: `{CUDA if nvidia else VULKAN}` builds llama.cpp for the card."
        )
    if found.driver and not found.torch_cards:
        if found.torch_for:
            return (
                f"NVIDIA's driver is here, but torch for {found.torch_for} finds no card: update "
                "the driver, or see whether `nvidia-smi` names the card."
            )
        return (
            "NVIDIA's driver is here, but torch was built for the processor: install a torch for "
            f"CUDA with pip, then `{CUDA}`."
        )
    if found.llama_cards and not found.torch_cards:
        return (
            "The language model runs on the card; pictures, sounds and clips are made on the "
            "processor, since torch knows NVIDIA's, AMD's (ROCm) and Apple's cards only."
        )
    if not found.torch_cards and found.render_nodes:
        return (
            "The system has a graphics card that neither of them uses: "
            f"`{VULKAN}` lets the language model run on it."
        )
    if not found.torch_cards:
        return "There is no graphics card that could be used; none is needed."
    return "Both run on the card; there is nothing to be done."


def _torch(found: Found) -> str:
    if found.torch_cards:
        return f"sees {_all(found.torch_cards)}"
    built = f"was built for {found.torch_for} and" if found.torch_for else "was built for the"
    return f"{built} {'sees no card' if found.torch_for else 'processor'}"


def _llama(found: Found) -> str:
    if not found.llama_for:
        return "was built for the processor"
    seen = f"sees {_all(found.llama_cards)}" if found.llama_cards else "sees no card"
    return f"was built for {_all(found.llama_for)} and {seen}"


def _all(names: tuple[str, ...]) -> str:
    return " and ".join(names)
