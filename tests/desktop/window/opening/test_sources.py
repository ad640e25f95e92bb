"""PySide reads no sources of Medley's; if it comes to look in another way, nothing breaks."""

from __future__ import annotations

import subprocess
import sys

_SCRIPT = """
import linecache, sys
import PySide6.QtCore
from desktop.window.opening.sources import leave_sources_unread
leave_sources_unread()
import desktop.window.start
print(sum(len(kept[2]) for kept in linecache.cache.values() if len(kept) > 2))
"""


def test_no_line_of_a_source_is_kept() -> None:
    done = subprocess.run(
        [sys.executable, "-c", _SCRIPT], capture_output=True, text=True, check=True
    )

    assert int(done.stdout) == 0
