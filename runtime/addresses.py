"""Which addresses are addresses of this machine. Connects to nothing."""

from __future__ import annotations

import contextlib
import ipaddress
import socket


def is_loopback(host: str, port: int) -> bool:
    """Whether a host means this machine and nothing else. Of names only `localhost` can."""
    with contextlib.suppress(ValueError):
        return ipaddress.ip_address(host.partition("%")[0]).is_loopback
    name = host.lower().rstrip(".")
    if name != "localhost" and not name.endswith(".localhost"):
        return False
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except OSError:
        return False
    return all(ipaddress.ip_address(str(one[4][0])).is_loopback for one in found)
