"""Asks the language model whether an answer needs one of its tools.

For bundles whose manifest has `call_choice`: small models that are shown tools call them without
need, or describe a call instead of making it. The question stands at the end of the conversation
and is forgotten once it is answered. Knows the language model and the manifest; calls no tool.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

import numpy as np

from runtime.bundle.manifest import CallChoiceSpec, Manifest
from runtime.language_model.chunks import Chunk
from runtime.language_model.protocol import TalkingModel


class CallChooser:
    """The decisions of one bundle's answers. One thread at a time."""

    def __init__(self, spec: CallChoiceSpec, model: TalkingModel) -> None:
        self._spec = spec
        self._model = model

    def question(self, *, again: bool) -> str:
        """What closes the conversation: for the first step of an answer, or (`again`) behind the
        results of its calls."""
        return self._spec.question_again if again else self._spec.question

    def calls(
        self,
        asking: Sequence[Chunk],
        names: Collection[str],
        cancelled: Callable[[], bool],
        *,
        again: bool,
    ) -> bool:
        """Whether the answer goes on with a call.

        Args:
            asking: the conversation, closed by `question`. The next prefill reuses all before that.
            names: of the tools.
            cancelled: asked often.
            again: as for `question`.

        Raises:
            Cancelled: stopped.
        """
        least = self._spec.least_again if again else self._spec.least
        return self.share(asking, names, cancelled) >= least

    def share(
        self, asking: Sequence[Chunk], names: Collection[str], cancelled: Callable[[], bool]
    ) -> float:
        """The likelihood, 0 to 1, of the tools' names against that of words; see `calls`."""
        self._model.prefill(asking, cancelled)
        words = sorted({self._first(name) for name in self._spec.words})
        named = sorted({self._first(name) for name in names}.difference(words))
        logits = self._model.logits()[[*words, *named]]
        likely = np.exp(logits - logits.max())
        return float(likely[len(words) :].sum() / likely.sum())

    def _first(self, text: str) -> int:
        return self._model.tokenize(text)[0]


def call_chooser(manifest: Manifest, model: TalkingModel) -> CallChooser | None:
    """Of a bundle; None where the model decides as it writes."""
    return CallChooser(manifest.call_choice, model) if manifest.call_choice else None
