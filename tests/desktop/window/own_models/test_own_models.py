"""The sheet costs nothing before it is opened."""

from __future__ import annotations

import subprocess
import sys


def test_the_window_starts_without_the_sheet() -> None:
    code = (
        "import desktop.window.start, sys\n"
        "print([name for name in sys.modules if 'window.own_models' in name])"
    )

    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )

    assert result.stdout.splitlines()[-1] == "[]"
