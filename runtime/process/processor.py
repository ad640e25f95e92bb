"""Checks that this processor can run the machine code that an installed program brings.

The program's llama.cpp is compiled for x86-64-v3, which every desktop processor since about 2015
can run; on an older one it would end with an illegal instruction and no word. From source it is
compiled for the machine it runs on, so nothing is checked.
"""

from __future__ import annotations

import platform
from pathlib import Path

from plugins.errors import KnownError
from runtime.process.own_program import is_frozen

NEEDED = ("avx2", "bmi2", "f16c", "fma", "movbe")
"""The abilities of x86-64-v3 that an older processor lacks, by the names that Linux gives them."""
CPUINFO = Path("/proc/cpuinfo")


def check_processor(cpuinfo: Path = CPUINFO, *, installed: bool | None = None) -> None:
    """Refuse a processor that is too old for the installed program.

    Args:
        cpuinfo: where the system lists what the processor can do.
        installed: whether this is such a program; None finds out.

    Raises:
        KnownError: it lacks some of what is needed, which is named.
    """
    if not (is_frozen() if installed is None else installed):
        return
    if platform.machine() not in ("x86_64", "AMD64"):
        return
    try:
        text = cpuinfo.read_text("utf-8", "replace")
    except OSError:
        return  # Not Linux: nothing is known, and most processors are new enough.
    flags = next((line for line in text.splitlines() if line.startswith("flags")), "")
    missing = [name for name in NEEDED if name not in flags.split()]
    if flags and missing:
        raise KnownError(
            "this processor: expected one with AVX2 and FMA (most since 2015), found one without "
            "{missing}. Install Medley from source, which fits itself to the processor.",
            "device",
            missing=", ".join(missing),
        )
