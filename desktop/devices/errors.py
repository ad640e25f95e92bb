"""What goes wrong with a device, as one sentence and as a kind that a program can decide by."""

from __future__ import annotations

from typing import Literal

from plugins.errors import KnownError, Problem

Kind = Literal["no_device", "lost", "busy", "permission", "no_library"]


class DeviceError(KnownError):
    """A device that cannot be used, or not any more. `str(error)` is ready to be shown."""

    default_kind = "device"

    def __init__(self, kind: Kind, template: str | Problem, /, **arguments: object) -> None:
        super().__init__(template, **arguments)
        self.kind: Kind = kind
