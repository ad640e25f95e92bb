"""What a bundle needs of this machine's memory against what is free, for `medley doctor`, `models
list` and `models verify`. Reads the heads of files; runs no model.
"""

from __future__ import annotations

from typing import Any

from plugins.errors import KnownError
from runtime.bundle.bundle import Bundle
from runtime.needs.bundle import BundleNeeds, PartNeeds
from runtime.needs.fit import Fit, fit, table
from runtime.needs.machine import available_bytes
from runtime.needs.places import SHARES, Places, default_budget


def memory_of(bundle: Bundle, places: Places | None = None) -> dict[str, Any]:
    """The table of a bundle, as `--json` prints it.

    Args:
        bundle: an opened bundle.
        places: where an engine would compute; None is the processor.

    Raises:
        KnownError: its language model's file is broken.
    """
    places = places or Places(default_budget(available_bytes(), "cpu"))
    found, needs = table(bundle, places)
    why = "" if found is not None else _refusal(bundle, places)
    free = round(places.budget / SHARES["gpu" if places.on_card else "cpu"])
    return _described(bundle, found, needs, free, why)


def memory_line(memory: dict[str, Any]) -> str:
    """One line: what a turn needs, what is free, and the context that fits."""
    if memory["why_not"]:
        return str(memory["why_not"])
    whole = "" if memory["n_ctx"] == memory["n_ctx_wanted"] else f" of {memory['n_ctx_wanted']}"
    card = memory["largest_turn_vram_bytes"]
    needs = _gigabytes(memory["largest_turn_bytes"])
    where = "of memory" if not card else f"of memory and {_gigabytes(card)} of the card's"
    least = _gigabytes(memory["free_bytes"])
    return (
        f"needs {needs} {where} ({_gigabytes(memory['at_once_bytes'])} with everything loaded), "
        f"{least} is free{' there' if card else ''}; "
        f"context of {memory['n_ctx']}{whole} tokens"
    )


def part_lines(memory: dict[str, Any]) -> list[str]:
    """One line for each part: its file, its memory and what of that is something else than its
    weights."""
    return [_part_line(part) for part in memory["parts"]]


def _refusal(bundle: Bundle, places: Places) -> str:
    try:
        fit(bundle, places)
    except KnownError as error:
        return str(error)
    return ""


def _described(
    bundle: Bundle, found: Fit | None, needs: BundleNeeds, free: int, why: str
) -> dict[str, Any]:
    return {
        "fits": found is not None,
        "why_not": why,
        "free_bytes": free,
        "n_ctx": needs.n_ctx,
        "n_ctx_wanted": bundle.manifest.language_model.n_ctx,
        "device": needs.device,
        "gpu_layers": 0 if found is None else found.gpu_layers,
        "cache": "f16" if found is None else found.cache,
        "largest_turn_bytes": needs.largest_turn.ram,
        "largest_turn_vram_bytes": needs.largest_turn.vram,
        "at_once_bytes": needs.at_once.ram,
        "at_once_vram_bytes": needs.at_once.vram,
        "parts": [_part(part) for part in needs.parts],
    }


def _part(part: PartNeeds) -> dict[str, Any]:
    return {
        "name": part.name,
        "file_bytes": part.file,
        "ram_bytes": part.ram,
        "vram_bytes": part.vram,
        "cache_bytes": part.cache,
        "copied_bytes": part.copied,
        "working_bytes": part.working,
    }


def _part_line(part: dict[str, Any]) -> str:
    card = f", {_megabytes(part['vram_bytes'])} on the card" if part["vram_bytes"] else ""
    of_these = {
        "its context": part["cache_bytes"],
        "a second copy of its weights": part["copied_bytes"],
    }
    kept = [f"{_megabytes(size)} for {what}" for what, size in of_these.items() if size]
    if part["working_bytes"] >= 1e6:
        kept.append(f"and {_megabytes(part['working_bytes'])} while it works")
    detail = f" ({', '.join(kept)})" if kept else ""
    file = _megabytes(part["file_bytes"]) if part["file_bytes"] else ""
    return f"{part['name']:26}{file:>9}  {_megabytes(part['ram_bytes']):>9}{card}{detail}"


def _gigabytes(size: int) -> str:
    return f"{size / 1e9:.1f} GB"


def _megabytes(size: int) -> str:
    return f"{size / 1e6:.0f} MB"
