"""How a bundle's language model is opened where not everything fits: room for the largest other
part of a turn first, then as many positions, and layers on a graphics card, as there is memory for.

Knows no torch and no llama.cpp.
"""

from __future__ import annotations

from dataclasses import dataclass

from plugins.errors import KnownError, Problem, phrase
from runtime.bundle.bundle import Bundle
from runtime.language_model.gguf_check import GgufFacts
from runtime.language_model.limits import CacheType
from runtime.needs.bundle import (
    BundleNeeds,
    bundle_needs,
    language_model_bytes,
    language_model_facts,
)
from runtime.needs.gguf import (
    LEAST_CONTEXT,
    STEP,
    LanguageModelNeeds,
    context_that_fits,
    language_model,
    layer_count,
    layers_that_fit,
    small_cache,
)
from runtime.needs.places import Places


class TooLargeError(KnownError):
    """A bundle whose language model does not fit even with the smallest context."""

    default_kind = "memory"

    def __init__(self, title: str, n_ctx: int, size: int, budget: int) -> None:
        self.n_ctx, self.size, self.budget = n_ctx, size, budget
        super().__init__(
            "{title}: its language model needs {size} of memory even to read the fewest tokens "
            "that make sense ({n_ctx} at once), but only {budget} may be used. Close other "
            "programs, raise the memory budget or use a smaller bundle.",
            title=title,
            size=_mib(size),
            n_ctx=n_ctx,
            budget=_mib(budget),
        )


@dataclass(frozen=True)
class Fit:
    """How a language model is opened."""

    n_ctx: int
    """Positions of its context."""
    wanted: int
    """Positions that the manifest asks for."""
    model: LanguageModelNeeds
    places: Places
    gpu_layers: int = 0
    """As llama.cpp counts them; -1 for all."""
    cache: CacheType = "f16"
    """How keys and values are kept."""
    room: int = 0
    """Bytes that were left for it."""

    @property
    def card(self) -> str:
        """The graphics card that it computes on; empty for none."""
        return self.places.card if self.gpu_layers else ""

    @property
    def pooled(self) -> int:
        """Bytes of it that count against the device's budget: only what lies there."""
        if self.places.on_card:
            return self.model.vram if self.places.shared else 0
        return self.model.total if self.places.shared else self.model.ram

    @property
    def notice(self) -> Problem | None:
        """What the person is told where it is not as the manifest has it."""
        if self.n_ctx == self.wanted:
            return None
        return phrase(
            "There is too little memory for all {wanted} tokens (words or parts of words) that "
            "the model can read at once, so it reads {n_ctx}: long conversations are cut sooner. "
            "Close other programs and restart the engine for more.",
            wanted=self.wanted,
            n_ctx=self.n_ctx,
        )


def fit(bundle: Bundle, places: Places) -> Fit:
    """How the language model of a bundle is opened.

    On a card of its own memory lie as many layers as there is room for beside the largest other
    part of a turn; the rest of it stays in the machine's memory. Where not all layers fit, keys and
    values are kept in 8 bits if more layers fit then.

    Args:
        bundle: an opened bundle.
        places: where torch and llama.cpp compute, and how much memory there is.

    Raises:
        TooLargeError: not even the smallest context fits.
        KnownError: the language model's file is broken.
    """
    if not places.card or places.unified:
        return _in_ram(bundle, places)
    facts, wanted = language_model_facts(bundle), bundle.manifest.language_model.n_ctx
    beside = bundle_needs(bundle, device=places.device, gpu_layers=-1).beside.vram
    total = places.budget if places.card_budget is None else places.card_budget
    layers, cache = _layers(facts, total - beside, wanted)
    if not layers:
        return _in_ram(bundle, places)
    size, ram = language_model_bytes(bundle), _ram(bundle, places)
    n_ctx, least = wanted, least_context(bundle)

    def opened(n_ctx: int) -> LanguageModelNeeds:
        return language_model(facts, size, n_ctx, free=0, gpu_layers=layers, cache=cache)

    while ram is not None and opened(n_ctx).ram > ram and n_ctx > least:
        n_ctx = max(n_ctx - STEP, least)
    return Fit(n_ctx, wanted, opened(n_ctx), places, layers, cache, total - beside)


def least_context(bundle: Bundle) -> int:
    """Positions below which a bundle is not opened: an answer of full length and as much before
    it."""
    spec = bundle.manifest.language_model
    return min(spec.n_ctx, max(LEAST_CONTEXT, 2 * spec.max_new_tokens))


def table(bundle: Bundle, places: Places) -> tuple[Fit | None, BundleNeeds]:
    """How a bundle is opened, None where it cannot be, and its table for that context.

    Raises:
        KnownError: the language model's file is broken.
    """
    device = places.device
    try:
        found = fit(bundle, places)
    except TooLargeError:
        return None, bundle_needs(bundle, least_context(bundle), device, free=0, gpu_layers=0)
    return found, bundle_needs(
        bundle,
        found.n_ctx,
        device,
        free=found.room,
        gpu_layers=found.gpu_layers,
        cache=found.cache,
    )


def _layers(facts: GgufFacts, room: int, n_ctx: int) -> tuple[int, CacheType]:
    """Layers on a card, as llama.cpp counts them, -1 for all; and how keys and values are kept."""
    kinds: tuple[CacheType, ...] = ("f16", "q8_0") if small_cache(facts) else ("f16",)
    best: tuple[int, CacheType] = (0, "f16")
    for kind in kinds:
        layers = layers_that_fit(facts, room, n_ctx, kind)
        if layers == layer_count(facts):
            return -1, kind
        if layers > best[0]:
            best = layers, kind
    return best


def _ram(bundle: Bundle, places: Places) -> int | None:
    """Bytes of the machine's memory for the language model; None where that is not counted."""
    whole = places.ram if places.on_card else places.budget
    if whole is None:
        return None
    return whole - bundle_needs(bundle, device=places.device, gpu_layers=0).beside.ram


def _in_ram(bundle: Bundle, places: Places) -> Fit:
    """In the machine's memory; where that is the card's too, the card computes."""
    facts, wanted = language_model_facts(bundle), bundle.manifest.language_model.n_ctx
    layers = -1 if places.card and places.unified else 0
    size, least = language_model_bytes(bundle), least_context(bundle)
    whole = places.ram if places.on_card else places.budget
    if whole is None:
        needs = language_model(facts, size, wanted, free=0, gpu_layers=layers)
        return Fit(wanted, wanted, needs, places, layers)
    device = "cpu" if places.unified else places.device
    beside = bundle_needs(bundle, device=device, gpu_layers=0).beside.ram
    n_ctx = context_that_fits(facts, whole - beside, most=wanted)
    if n_ctx < least:
        n_ctx, beside = context_that_fits(facts, whole, most=least), 0
    if n_ctx < least:
        smallest = language_model(facts, size, least, free=0)
        raise TooLargeError(bundle.manifest.title, least, smallest.total, whole)
    room = whole - beside
    model = language_model(facts, size, n_ctx, free=room, gpu_layers=layers)
    return Fit(n_ctx, wanted, model, places, layers, room=room)


def _mib(size: int) -> str:
    return f"{size / 2**20:.0f} MiB"
