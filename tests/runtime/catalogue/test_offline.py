"""MEDLEY_OFFLINE forbids every connection."""

from __future__ import annotations

import pytest

from runtime.catalogue.errors import FetchError
from runtime.catalogue.offline import OFFLINE_VARIABLE, refuse_if_forbidden


@pytest.mark.parametrize("value", ["", "0"])
def test_allowed(value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(OFFLINE_VARIABLE, value)
    refuse_if_forbidden()
    monkeypatch.delenv(OFFLINE_VARIABLE)
    refuse_if_forbidden()


@pytest.mark.parametrize("value", ["1", "true", "no"])
def test_forbidden(value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(OFFLINE_VARIABLE, value)

    with pytest.raises(FetchError, match=f"{OFFLINE_VARIABLE}={value}"):
        refuse_if_forbidden()
