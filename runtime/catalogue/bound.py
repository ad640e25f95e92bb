"""`python -m runtime.catalogue.bound pip|PROGRAM ...`: a program that ends with its parent.

pip is a program of its own here: nothing of it is imported by Medley.
"""

from __future__ import annotations

import os
import runpy
import sys
from collections.abc import Sequence

from runtime.process.parent_death import die_with_parent


def main(words: Sequence[str]) -> None:
    """Become the program with its arguments. Ends the process with the program's exit code."""
    die_with_parent()  # What is asked of the kernel here holds for what this process becomes.
    if words[0] != "pip":
        os.execv(words[0], list(words))
    sys.argv = list(words)
    runpy.run_module("pip", run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main(sys.argv[1:])
