"""How this program is started again, for a command of its own. Knows no command."""

from __future__ import annotations

import sys


def own_command(*words: str) -> list[str]:
    """The command line of one of Medley's own commands, from source and in a frozen app."""
    if getattr(sys, "frozen", False):
        return [sys.executable, *words]
    # -P: a folder `desktop` where the person happens to be must not be taken for ours.
    return [sys.executable, "-P", "-m", "desktop.cli", *words]
