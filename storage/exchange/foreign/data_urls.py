"""Files inside of JSON: addresses that begin with `data:`."""

from __future__ import annotations

import base64
import binascii

from storage.exchange.foreign.talk import File


def data_of(url: str, name: str = "") -> File:
    """The file in an address; of an address that leads elsewhere only its place. Nothing is
    fetched."""
    head, comma, body = url.partition(",")
    if not head.startswith("data:") or not comma or not head.endswith(";base64"):
        return File(url.rpartition("/")[2][:200], name)
    try:
        return File("", name, base64.b64decode(body, validate=True))
    except (binascii.Error, ValueError):
        return File("", name)
