"""The memories of one engine: that of torch's device, the machine's own beside a graphics card, and
that of a card which only the language model is on. Decides what lies where, once.

Brings torch and llama.cpp when it starts, not when it is imported.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from plugins.api import ParameterValue
from plugins.errors import Problem
from plugins.stage import MemoryLike
from runtime import needs
from runtime.bundle.bundle import Bundle
from runtime.memory import DeviceMemory, WorkingMemory
from runtime.needs.fit import Fit, fit
from runtime.needs.places import Places

if TYPE_CHECKING:
    from runtime.language_model.model import LanguageModel

LANGUAGE_MODEL = "language model"
"""Its name in device memory."""


class Memories:
    """What is loaded, by where it lies. `start` before anything else."""

    def __init__(self, bundle: Bundle, budget: int | None) -> None:
        """`budget` in bytes is for the device; None is most of what is free at the start."""
        self._bundle = bundle
        self.device = DeviceMemory(budget)
        """Of torch's device: networks, and the language model where it shares that memory."""
        self._ram = DeviceMemory(beside=self.device)
        self._card = DeviceMemory(beside=self.device)
        self._places: Places | None = None
        self._fit: Fit | None = None

    def start(self, wish: str) -> Places:
        """Where things are to lie; chosen at the first call.

        Raises:
            KnownError: there is no such device here.
        """
        if self._places is None:
            from runtime.components import devices

            device = devices.choose_device(wish)
            self._places = devices.places(wish, device, self.device.budget)
            self.device.budget, self._ram.budget = self._places.budget, self._places.ram
        return self._places

    @property
    def host(self) -> DeviceMemory:
        """Of what computes on the processor."""
        return self._ram if self._places is not None and self._places.on_card else self.device

    @property
    def llama(self) -> DeviceMemory:
        """Of what llama.cpp loads beside the language model."""
        if self._fit is None or not self._fit.card:
            return self.host
        return self.device if self._fit.places.shared else self._card

    def renderer(self, modality: str, parameters: Mapping[str, ParameterValue]) -> MemoryLike:
        """For a renderer of a modality, with what it works with for these parameters."""
        device = "cpu" if self._places is None else self._places.device
        working = needs.working_bytes(self._bundle, modality, device, parameters)
        return WorkingMemory(self.device, working)

    def load_model(
        self, places: Places, threads: int | None, on_notice: Callable[[Problem], None]
    ) -> LanguageModel:
        """The language model, with the largest context that fits; tells where that is not the
        manifest's.

        Raises:
            KnownError: its file is broken, or it does not fit into memory.
        """
        from runtime.components import load as components

        found = fit(self._bundle, places)
        model = self.device.pin(
            LANGUAGE_MODEL,
            lambda: components.language_model(
                self._bundle,
                n_ctx=found.n_ctx,
                threads=threads,
                gpu_layers=found.gpu_layers,
                card=found.card,
                cache=found.cache,
                repack=found.model.repack,
            ),
            found.pooled,
        )
        self._fit = found
        if self._ram.budget is not None:
            self._ram.budget = max(self._ram.budget - found.model.ram, 0)
        if places.card_budget is not None:
            self._card.budget = max(places.card_budget - found.model.vram, 0)
        if found.notice is not None:
            on_notice(found.notice)
        return model

    def drop(self, key: str) -> None:
        """Free `key` wherever it lies."""
        for memory in (self.device, self._ram, self._card):
            memory.drop(key)

    def clear(self) -> None:
        """Free everything that nobody holds."""
        for memory in (self.device, self._ram, self._card):
            memory.clear()
