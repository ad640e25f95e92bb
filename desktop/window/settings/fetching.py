"""How far a download of several models is as a whole, from what its process reports. Knows no Qt.

The process counts the bytes of one model at a time, as they are sent; a person wants to know about
all of them. Each model counts for the bytes that it takes when it is installed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from desktop.window.sentences import told
from runtime.catalogue.client import Outcome
from runtime.catalogue.entry import Entry, Purpose
from runtime.catalogue.errors import Reason
from runtime.catalogue.protocol import Failed, Had, Progress, Report

_UNPACKED = 0.97
"""The share of a model that counts as done when all of it came and it is still to be proved."""


@dataclass(frozen=True)
class Fetching:
    """A download as a whole."""

    entries: tuple[Entry, ...]
    """Which models."""
    over: frozenset[str] = frozenset()
    """Names of those that are had or failed."""
    now: Progress | None = None
    """The latest of the one that is fetched now."""

    def after(self, report: Report) -> Fetching:
        """Once the process has said this."""
        if isinstance(report, Progress):
            return Fetching(self.entries, self.over, report)
        if isinstance(report, Had | Failed):
            return Fetching(self.entries, self.over | {report.name}, None)
        return self

    @property
    def total(self) -> int:
        """Bytes that all of them take."""
        return sum(entry.disk_bytes for entry in self.entries)

    @property
    def done(self) -> int:
        """Bytes of it that are done."""
        before = sum(entry.disk_bytes for entry in self.entries if entry.name in self.over)
        entry = self.entry
        if entry is None or self.now is None or not self.now.total:
            return before
        share = min(1.0, self.now.done / self.now.total)
        return before + round(entry.disk_bytes * min(share, _UNPACKED))

    @property
    def entry(self) -> Entry | None:
        """The model that is fetched now; None where nobody knows."""
        now = self.now
        if now is None or now.name in self.over:
            return None
        return next((entry for entry in self.entries if entry.name == now.name), None)

    @property
    def purpose(self) -> Purpose | None:
        """What the model is for that is fetched now."""
        return None if self.entry is None else self.entry.purpose

    @property
    def seconds_left(self) -> float:
        """Until all of them are had, at today's pace; -1 where nobody knows."""
        now = self.now
        if now is None or now.per_second <= 0 or now.seconds_left is None:
            return -1.0
        return (self.total - self.done) / now.per_second


def why_failed(outcome: Outcome, names: Sequence[str]) -> tuple[Reason | None, str]:
    """Why a download did not have everything: the first reason with its sentence; None and an empty
    sentence where it did. `names` are those that were wanted, the most important first."""
    failed = next((outcome.failed[name] for name in names if name in outcome.failed), None)
    if failed is not None:
        return failed.reason, told(failed.problem)
    return None, told(outcome.problems[0]) if outcome.problems else ""
