"""Which addresses of MCP servers are addresses of this machine. Connects to nothing."""

from __future__ import annotations

from urllib.parse import urlsplit

from plugins.errors import KnownError
from runtime.addresses import is_loopback

_PORTS = {"http": 80, "https": 443}


def check_address(server: str, url: str) -> None:
    """Let only addresses of this machine pass. `server` is a name for the sentence.

    Raises:
        KnownError: it is another one, or none.
    """
    try:
        parts = urlsplit(url)
        host, port, scheme = parts.hostname or "", parts.port, parts.scheme
    except ValueError:
        host, port, scheme = "", None, ""
    if scheme not in _PORTS or not host:
        raise KnownError(
            "{server}: expected an address such as http://127.0.0.1:3000/mcp, found {url}. "
            "Correct it.",
            server=server,
            url=url[:200],
        )
    if not is_loopback(host, port or _PORTS[scheme]):
        raise KnownError(
            "{server}: expected an address of this computer, found {host}. Medley connects to "
            "nothing else: start the server here, and give http://127.0.0.1 and its port.",
            server=server,
            host=host,
        )
