"""The command lines of Medley's own processes, from source and in a frozen program.

A frozen program has two executables: that of the window, and beside it the engine's, which holds
what computes. Every process but the window is one of the second's.
"""

from __future__ import annotations

import os
import runpy
import sys
from collections.abc import Sequence
from pathlib import Path

PROCESS_ARGUMENT = "--process"
"""The first word of a frozen program's command line that makes it one of its own processes."""
ENGINE = "medley-engine"
"""The file name of the engine's executable, without its ending."""
_OWN = ("desktop.", "runtime.")


def process_command(module: str, *words: str) -> list[str]:
    """The command line that runs a module of Medley's as a program.

    Args:
        module: as for `python -m`.
        words: its arguments.
    """
    if is_frozen():
        return [engine_executable(), PROCESS_ARGUMENT, module, *words]
    # -P: a folder with the name of one of Medley's where the person happens to be must not be
    # taken for Medley's.
    return [sys.executable, "-P", "-m", module, *words]


def is_frozen() -> bool:
    """Whether this is an installed program that brings its own Python."""
    return bool(getattr(sys, "frozen", False))


def engine_executable() -> str:
    """The path of a frozen program's engine."""
    ending = ".exe" if os.name == "nt" else ""
    return str(Path(sys.executable).with_name(ENGINE + ending))


def be_process(words: Sequence[str]) -> None:
    """Run the module that `process_command` named; `words` follow `PROCESS_ARGUMENT`."""
    module, *rest = words
    if not module.startswith(_OWN):
        raise ValueError(f"{module} is none of Medley's processes")
    sys.argv = [module, *rest]
    runpy.run_module(module, run_name="__main__", alter_sys=True)
