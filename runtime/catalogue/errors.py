"""Errors of downloads. Knows nothing else."""

from __future__ import annotations

from typing import Literal

from plugins.errors import Kind, KnownError, Problem

Reason = Literal[
    "offline", "network", "absent", "bytes", "archive", "redirect", "disk", "rights", "tool", "busy"
]
"""offline: forbidden by MEDLEY_OFFLINE; network: not reached; absent: not there any more; bytes:
other bytes than the catalogue's; archive: a package that must not be unpacked; redirect: sent to a
place that is not the source's; disk: no room; rights: a folder that may not be written; tool: a
program that is needed is missing or failed; busy: another process changes the same model."""

_KINDS: dict[str, Kind] = {
    "offline": "network", "network": "network", "absent": "network", "redirect": "network",
    "disk": "disk", "rights": "disk",
}  # fmt: skip


class FetchError(KnownError):
    """A model, or one source of it, could not be had; `reason` says why for a program."""

    def __init__(self, reason: Reason, template: str | Problem, /, **arguments: object) -> None:
        self.reason = reason
        super().__init__(template, _KINDS.get(reason, ""), **arguments)


class UnreachableError(FetchError):
    """A source did not answer; the others of the same place need not be asked."""

    def __init__(self, template: str | Problem, /, **arguments: object) -> None:
        super().__init__("network", template, **arguments)
