"""Only links that a person can follow lead out of the program."""

from __future__ import annotations

import pytest

from desktop.window.transcript.links import is_safe_link


@pytest.mark.parametrize("url", ["https://e.org/a?b=1", "http://e.org", "mailto:a@b.c"])
def test_a_link_that_leads_out_is_safe(url: str) -> None:
    assert is_safe_link(url)


@pytest.mark.parametrize(
    "url",
    ["javascript:alert(1)", "file:///etc/passwd", "data:text/html,x", "https:", "http://[", ""],
)
def test_a_link_that_leads_elsewhere_is_not(url: str) -> None:
    assert not is_safe_link(url)
