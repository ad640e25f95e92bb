"""Keeps a process from looking for anything on the network, and the switch that forbids it every
connection. Knows which libraries would connect by themselves."""

from __future__ import annotations

import os

OFFLINE_VARIABLE = "MEDLEY_OFFLINE"


def stay_offline() -> None:
    """Tell libraries that could look for models on the network not to. Before importing them."""
    os.environ.update(HF_HUB_OFFLINE="1", HF_HUB_DISABLE_TELEMETRY="1")


def forbidding() -> str:
    """What MEDLEY_OFFLINE is set to where it forbids connections to other machines; else empty."""
    value = os.environ.get(OFFLINE_VARIABLE, "")
    return "" if value == "0" else value
