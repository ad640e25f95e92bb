"""How this program is started again, for a command of its own. Knows no command.

From source there is one program. A frozen one has two executables: `medley` opens the window and
holds nothing that computes; all else is done by the engine's beside it.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from runtime.process.own_program import ENGINE, engine_executable, is_frozen


def own_command(*words: str) -> list[str]:
    """The command line of one of Medley's own commands, from source and in a frozen program."""
    if is_frozen():
        return [engine_executable(), *words]
    # -P: a folder `desktop` where the person happens to be must not be taken for ours.
    return [sys.executable, "-P", "-m", "desktop.cli", *words]


def is_window_alone() -> bool:
    """Whether this is the executable that holds nothing but the window."""
    return is_frozen() and Path(sys.executable).stem != ENGINE


def hand_over(words: Sequence[str]) -> int:
    """Have the engine's executable run a command line in place of this one; its exit code."""
    command = [engine_executable(), *words]
    if os.name == "posix":
        os.execv(command[0], command)
    return subprocess.run(command, check=False).returncode
