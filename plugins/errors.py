"""The roots of every error Medley raises on purpose. Knows nothing else.

`KnownError` is the world's fault (a missing file, a broken medium, a full disk): its text is one
sentence that says what was expected, what was found and what to do, and is shown to the person as
it is. `BugError` is ours.
"""

from __future__ import annotations


class KnownError(Exception):
    """Something a person can understand and act on. `str(error)` is one line, ready to be shown."""


class UnreadableError(Exception):
    """A file that a decoder cannot use. Whoever knows its name makes a `KnownError` of it."""

    def __init__(self, found: str, advice: str = "Choose another file.") -> None:
        """`found` completes the sentence "expected a readable file, found ..."; `advice` says
        what the person can do."""
        super().__init__(found)
        self.found = found
        self.advice = advice


class BugError(Exception):
    """An invariant of Medley's own code was broken."""


class Cancelled(Exception):  # noqa: N818  (control flow, not a failure)
    """The person stopped the work. Raised at the next token or diffusion step, caught by whoever
    started that work; nothing half-made is kept."""
