"""Pictures, sounds and clips that answers brought, kept to be fetched: the newest, in memory."""

from __future__ import annotations

import base64
import secrets
from collections import OrderedDict
from dataclasses import dataclass
from typing import Any

from runtime.messages import ArtifactReady

PATH = "/v1/medley/artifacts"
MOST_BYTES = 256 * 2**20
"""Of all that is kept; the newest is kept whatever its size."""


@dataclass(frozen=True)
class Kept:
    """One of them."""

    mime: str
    data: bytes
    name: str


class Artifacts:
    """The newest artifacts by their ids, which nobody can guess."""

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self._most = most_bytes
        self._kept: OrderedDict[str, Kept] = OrderedDict()
        self._bytes = 0

    def keep(self, event: ArtifactReady, *, inline: bool = False) -> dict[str, Any]:
        """Keep one; what a client is told of it, with its file as base64 where it is `inline`."""
        key = secrets.token_urlsafe(16)
        self._kept[key] = Kept(event.mime, event.data, f"{event.modality}{event.extension}")
        self._bytes += len(event.data)
        while self._bytes > self._most and len(self._kept) > 1:
            self._bytes -= len(self._kept.popitem(last=False)[1].data)
        told = {
            "index": event.index,
            "modality": event.modality,
            "mime": event.mime,
            "url": f"{PATH}/{key}",
            "seed": event.seed,
            "caption": event.caption,
            "width": event.width,
            "height": event.height,
            "duration_s": event.duration_s,
            "data": base64.b64encode(event.data).decode() if inline else None,
        }
        return {name: value for name, value in told.items() if value not in (None, "")}

    def find(self, key: str) -> Kept | None:
        """One of them; None once newer ones took its place."""
        return self._kept.get(key)
