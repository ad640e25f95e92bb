"""`python -m runtime.catalogue.pip_run ...`: pip, which ends when the process that started it does.

pip is a program of its own here: nothing of it is imported by Medley.
"""

from __future__ import annotations

import runpy
import sys
from collections.abc import Sequence

from runtime.worker.orphans import die_with_parent


def main(words: Sequence[str]) -> None:
    """Be pip with these arguments. Ends the process with pip's exit code."""
    die_with_parent()
    sys.argv = ["pip", *words]
    runpy.run_module("pip", run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main(sys.argv[1:])
