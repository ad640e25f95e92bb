"""Keeps a process from looking for anything on the network. Knows which libraries would."""

from __future__ import annotations

import os


def stay_offline() -> None:
    """Tell libraries that could look for models on the network not to. Before importing them."""
    os.environ.update(HF_HUB_OFFLINE="1", HF_HUB_DISABLE_TELEMETRY="1")
