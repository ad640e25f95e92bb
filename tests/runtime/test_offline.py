"""Libraries that could look for models on the network are told not to."""

from __future__ import annotations

import os

import pytest

from runtime.offline import OFFLINE_VARIABLE, forbidding, stay_offline


@pytest.mark.parametrize(("value", "found"), [("1", "1"), ("yes", "yes"), ("0", ""), ("", "")])
def test_the_switch_forbids_with_anything_but_zero(
    monkeypatch: pytest.MonkeyPatch, value: str, found: str
) -> None:
    monkeypatch.setenv(OFFLINE_VARIABLE, value)

    assert forbidding() == found


def test_the_hub_is_told_to_stay_offline(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HF_HUB_OFFLINE", "HF_HUB_DISABLE_TELEMETRY"):
        monkeypatch.setenv(name, "0")

    stay_offline()

    assert os.environ["HF_HUB_OFFLINE"] == os.environ["HF_HUB_DISABLE_TELEMETRY"] == "1"
