"""`python -m desktop.tools MARK`: the tools process, at the other end of its client's pipes."""

import sys

from desktop.tools.process import main

if __name__ == "__main__":
    main(sys.argv[1])
