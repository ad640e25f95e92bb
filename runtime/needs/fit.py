"""The context that a bundle's language model is opened with where not everything fits: room for the
largest other part of a turn first, then as many positions as there is memory for.

Knows no torch and no llama.cpp.
"""

from __future__ import annotations

from dataclasses import dataclass

from plugins.errors import KnownError, Problem, phrase
from runtime.bundle.bundle import Bundle
from runtime.needs.bundle import (
    BundleNeeds,
    bundle_needs,
    language_model_bytes,
    language_model_facts,
)
from runtime.needs.gguf import (
    LEAST_CONTEXT,
    LanguageModelNeeds,
    context_that_fits,
    language_model,
    layers_that_fit,
)

SHARES = {"gpu": 0.9, "cpu": 0.8}
"""The default memory budget, as a share of the memory that is free at the start."""


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


ELSEWHERE = LanguageModelNeeds(0, 0, 0)
"""Of a language model that another program has."""


@dataclass(frozen=True)
class Fit:
    """How a language model is opened."""

    n_ctx: int
    """Positions of its context."""
    wanted: int
    """Positions that the manifest asks for."""
    model: LanguageModelNeeds
    gpu_layers: int = 0
    """As llama.cpp counts them; -1 for all."""
    room: int = 0
    """Bytes that were left for it."""
    on_card: bool = False
    """Whether the budget is that of a graphics card."""

    @property
    def pooled(self) -> int:
        """Bytes that count against the budget: the card's where there is one."""
        return self.model.vram if self.on_card else self.model.total

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


def default_budget(free: int, device: str) -> int:
    """Bytes for models where the person set no budget, of so many that are free."""
    return int(free * SHARES["cpu" if device == "cpu" else "gpu"])


def fit(bundle: Bundle, budget: int, device: str = "cpu", *, offloads: bool = True) -> Fit:
    """How the language model of a bundle is opened within `budget` bytes.

    Args:
        bundle: an opened bundle.
        budget: bytes of the device's memory for all models.
        device: a torch device name.
        offloads: whether llama.cpp can use the card.

    Raises:
        TooLargeError: not even the smallest context fits.
        KnownError: the language model's file is broken.
    """
    wanted = bundle.manifest.language_model.n_ctx
    if bundle.manifest.language_model.upstream is not None:
        return Fit(wanted, wanted, ELSEWHERE, on_card=device != "cpu")
    facts = language_model_facts(bundle)
    needs = bundle_needs(bundle, device=device)
    if device != "cpu":
        return _on_card(bundle, budget - needs.beside.vram, offloads)
    beside = needs.beside.ram
    n_ctx = context_that_fits(facts, budget - beside, most=wanted)
    least = least_context(bundle)
    if n_ctx < least:
        n_ctx, beside = context_that_fits(facts, budget, most=least), 0
    size = language_model_bytes(bundle)
    if n_ctx < least:
        smallest = language_model(facts, size, least, free=0)
        raise TooLargeError(bundle.manifest.title, least, smallest.total, budget)
    model = language_model(facts, size, n_ctx, free=budget - beside)
    return Fit(n_ctx, wanted, model, room=budget - beside)


def least_context(bundle: Bundle) -> int:
    """Positions below which a bundle is not opened: an answer of full length and as much before
    it."""
    spec = bundle.manifest.language_model
    return min(spec.n_ctx, max(LEAST_CONTEXT, 2 * spec.max_new_tokens))


def table(
    bundle: Bundle, budget: int, device: str = "cpu", *, offloads: bool = True
) -> tuple[Fit | None, BundleNeeds]:
    """How a bundle is opened, None where it cannot be, and its table for that context.

    Raises:
        KnownError: the language model's file is broken.
    """
    try:
        found = fit(bundle, budget, device, offloads=offloads)
    except TooLargeError:
        return None, bundle_needs(bundle, least_context(bundle), device, free=0)
    layers = found.gpu_layers
    return found, bundle_needs(bundle, found.n_ctx, device, free=found.room, gpu_layers=layers)


def _on_card(bundle: Bundle, free: int, offloads: bool) -> Fit:
    """As many layers on the card as there is room for; what does not fit stays in the machine's
    memory, so that the context is never cut for it."""
    facts, n_ctx = language_model_facts(bundle), bundle.manifest.language_model.n_ctx
    layers = layers_that_fit(facts, free, n_ctx) if offloads else 0
    layers = -1 if layers > len(facts.layers) else layers
    size = language_model_bytes(bundle)
    needs = language_model(facts, size, n_ctx, free=0, gpu_layers=layers)
    return Fit(n_ctx, n_ctx, needs, layers, free, on_card=True)


def _mib(size: int) -> str:
    return f"{size / 2**20:.0f} MiB"
