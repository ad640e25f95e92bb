"""What a self-test found, as plain data."""

from __future__ import annotations

from typing import Literal

import msgspec

from plugins.errors import Problem

Outcome = Literal["passed", "failed", "not applicable"]
Step = Literal[
    "load", "words", "sense", "see", "hear", "image", "audio", "video", "speed", "memory"
]
"""What a step tries: that the language model loads; that it says words; that they make sense; that
it sees, and hears; that it makes each kind of artifact; how fast it is; how much memory it took."""


class StepOutcome(msgspec.Struct, frozen=True):
    """The outcome of one step."""

    step: str
    """A `Step`, the modality of a plugin, or `fit` and a modality: which way of training fits."""
    outcome: Outcome
    sentence: Problem
    """One sentence for the person."""
    number: int
    """From 1."""
    of: int


class SelfTest(msgspec.Struct, frozen=True):
    """The outcome of a whole test."""

    bundle: str
    """Name."""
    manifest: str
    """SHA-256 of the manifest that was tested."""
    steps: tuple[StepOutcome, ...]
    when: str
    """The time of the test, in ISO 8601."""
    load_s: float = 0.0
    prefill_per_s: float = 0.0
    """Tokens that are read in a second; 0 where that was not measured."""
    decode_per_s: float = 0.0
    """Tokens that are said in a second."""
    peak_bytes: int = 0
    """The most memory that the process took."""
    needs_bytes: int = 0
    """What `runtime.needs` says of the same."""
    n_ctx: int = 0
    """Positions of the context that it was opened with."""

    @property
    def ok(self) -> bool:
        """True if nothing failed."""
        return all(step.outcome != "failed" for step in self.steps)

    @property
    def sees(self) -> bool | None:
        """Whether it sees pictures; None where it takes none, or was not asked."""
        return self._passed("see")

    @property
    def hears(self) -> bool | None:
        """Whether it hears words; None as `sees`."""
        return self._passed("hear")

    def _passed(self, step: Step) -> bool | None:
        for found in self.steps:
            if found.step == step and found.outcome != "not applicable":
                return found.outcome == "passed"
        return None
