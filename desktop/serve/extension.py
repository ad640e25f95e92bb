"""`x_medley`: what only Medley knows, in requests and in what is answered. Knows no route."""

from __future__ import annotations

from typing import Literal

import msgspec


class Extension(msgspec.Struct, frozen=True):
    """`x_medley` of a request."""

    parameters: dict[str, dict[str, int | float | bool | str]] = {}
    """Of renderers, by modality, for example `{"image": {"steps": 8}}`."""
    artifacts: Literal["url", "data"] = "url"
    """How what is made comes: as an address to fetch it from, or also as `data`, base64."""
