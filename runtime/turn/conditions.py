"""The decoder's condition for a signal of the language model.

Knows the output projections and device memory; knows no llama.cpp and no renderer.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import AbstractContextManager, suppress

import numpy as np
from numpy.typing import NDArray

from plugins.api import Condition, Signal
from plugins.errors import KnownError
from runtime import needs
from runtime.bundle.bundle import Bundle
from runtime.components import load as components
from runtime.memory import DeviceMemory
from runtime.projection import OutputProjection, make_condition
from runtime.turn.timers import LoadTimer


class Conditions:
    """The output projections of a bundle, loaded when first needed."""

    def __init__(self, bundle: Bundle, memory: DeviceMemory, device: str, loads: LoadTimer) -> None:
        self._bundle = bundle
        self._memory = memory
        self._device = device
        self._loads = loads
        self._rows = components.signal_rows(bundle)

    def warm(self, modalities: Iterable[str]) -> None:
        """Load projections now, before a decoder's loading would hold them up.

        One that cannot be loaded is left: `condition` will say why.
        """
        for modality in modalities:
            if modality in self._rows:
                with suppress(KnownError), self._lease(modality):
                    pass

    def condition(self, modality: str, hidden: NDArray[np.float32]) -> Condition:
        """The condition for `hidden` [N, D], the states where the N signal tokens were the input.

        Raises:
            KnownError: the projection does not fit its manifest entry or does not fit in memory.
        """
        signal = Signal(modality, hidden, self._rows[modality])
        with self._lease(modality) as projection:
            return make_condition(projection, signal, self._bundle.signal(modality).condition_shape)

    def _lease(self, modality: str) -> AbstractContextManager[OutputProjection]:
        what = f"output projection {modality}"

        def load() -> OutputProjection:
            with self._loads.loading(what):
                return components.output_projection(self._bundle, modality, self._device)

        file = self._bundle.path(self._bundle.signal(modality).projection)
        return self._memory.lease(what, load, needs.network(file, self._device))
