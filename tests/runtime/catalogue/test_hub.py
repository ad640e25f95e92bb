"""Redirects are followed to the hub alone."""

from __future__ import annotations

import pytest

from runtime.catalogue.hub import is_allowed

OWN = ("http", "127.0.0.1", 8080)


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:8080/a/b",
        "https://huggingface.co/a",
        "https://cdn-lfs.hf.co/a",
        "https://HUGGINGFACE.CO/a",
    ],
)
def test_allowed(url: str) -> None:
    assert is_allowed(url, OWN)


@pytest.mark.parametrize(
    "url",
    [
        "http://huggingface.co/a",
        "https://huggingface.co:8443/a",
        "https://evil-hf.co/a",
        "https://huggingface.co.example.org/a",
        "http://127.0.0.1:8081/a",
        "ftp://huggingface.co/a",
        "not an address",
    ],
)
def test_refused(url: str) -> None:
    assert not is_allowed(url, OWN)
