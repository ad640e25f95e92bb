"""Makes the language model smaller, and says how far that is. llama.cpp tells nothing meanwhile, so
the size of what it writes is looked at."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

from plugins.errors import KnownError
from training.gguf.quantize import quantize

_EVERY_S = 0.5


def quantize_telling(
    source: Path, target: Path, format_name: str, tell: Callable[[int], None]
) -> None:
    """See `quantize`; `tell` gets the bytes of each piece. Where that raises, llama.cpp goes on to
    the end on a thread of its own, which ends with the process.

    Raises:
        KnownError: as `quantize`.
    """
    failed: list[KnownError | OSError] = []

    def work() -> None:
        try:
            quantize(source, target, format_name)
        except (KnownError, OSError) as error:  # It is raised by who waits.
            failed.append(error)

    thread = threading.Thread(target=work, name="quantize", daemon=True)
    thread.start()
    partial, done = target.with_name(f"{target.name}.partial"), 0
    while thread.is_alive():
        thread.join(_EVERY_S)
        try:
            written = partial.stat().st_size
        except OSError:
            continue
        tell(max(written - done, 0))
        done = max(written, done)
    if failed:
        raise failed[0]
