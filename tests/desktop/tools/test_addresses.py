"""Only addresses of this machine pass."""

from __future__ import annotations

import pytest

from desktop.tools.addresses import check_address
from plugins.errors import KnownError
from runtime.addresses import is_loopback


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:3000/mcp", "http://127.9.9.9/", "https://[::1]:8443/mcp"]
)
def test_addresses_of_this_machine_pass(url: str) -> None:
    check_address("a", url)


@pytest.mark.parametrize(
    "url",
    [
        "http://192.168.1.2/mcp",
        "http://0.0.0.0:80/",
        "https://example.com/mcp",
        "http://localhost.example.com/",
        "http://127.0.0.1@example.com/",
        "http://2130706433.example/",
    ],
)
def test_addresses_elsewhere_are_refused(url: str) -> None:
    with pytest.raises(KnownError, match="an address of this computer"):
        check_address("a", url)


@pytest.mark.parametrize("url", ["", "file:///etc/passwd", "http://", "127.0.0.1:3000", "http://["])
def test_what_is_no_address_is_refused(url: str) -> None:
    with pytest.raises(KnownError, match="expected an address such as"):
        check_address("a", url)


def test_localhost_is_this_machine_where_the_system_says_so() -> None:
    assert is_loopback("localhost", 80)
    assert not is_loopback("example.com", 80)
