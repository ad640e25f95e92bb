"""Bounds of one answer's calls: steps, identical calls and calls that do not fit. Plain counting.

The same call with the same arguments is made once; asked for again it is answered with a
correction, and the fourth time the answer ends. Other arguments are another call.
"""

from __future__ import annotations

from collections import Counter
from typing import Literal

from plugins.errors import phrase

STEPS = 12
"""Times that one answer may ask for tools."""
SAME = 4
"""The time at which an identical call ends the answer."""
UNFIT = 2
"""Calls that do not fit their tool which the model may correct; one more ends the answer."""

Verdict = Literal["make", "correct", "end"]

SAME_AGAIN = (
    "This call was made already in this answer, with the same arguments; its result stands above. "
    "Use that, call with other arguments, or answer now."
)
"""For the model."""
LAST_STEP = "This was the last call of this answer. Answer now with what you have."
"""For the model."""
REPEATED = phrase(
    "The model asked four times for the same call, so its answer was ended. Ask in other words, or "
    "choose a larger model."
)
TOO_MANY = phrase(
    "The model asked for tools {steps} times, as often as one answer may. Say `go on` if it should "
    "do more.",
    steps=STEPS,
)
NEVER_FIT = phrase(
    "The model asked for a tool {times} times in a way that the tool does not take, so its answer "
    "was ended. Ask in other words, or choose a larger model.",
    times=UNFIT + 1,
)


class Limits:
    """The counts of one answer."""

    def __init__(self) -> None:
        self.steps = 0
        self._made: Counter[tuple[str, str, str]] = Counter()
        self._unfit = 0

    def step(self) -> None:
        """The model asked for tools once more."""
        self.steps += 1

    @property
    def is_last(self) -> bool:
        """Whether it may not ask again."""
        return self.steps >= STEPS

    def call(self, server: str, tool: str, arguments: str) -> Verdict:
        """Count a call with its canonical arguments; what is to become of it."""
        key = (server, tool, arguments)
        self._made[key] += 1
        if self._made[key] == 1:
            return "make"
        return "end" if self._made[key] >= SAME else "correct"

    def unfit(self) -> Verdict:
        """Count a call that does not fit its tool."""
        self._unfit += 1
        return "end" if self._unfit > UNFIT else "correct"

    def recall(self, server: str, tool: str, arguments: str) -> None:
        """Count a call that this answer made before it was interrupted."""
        self._made[server, tool, arguments] += 1
