"""`python -m runtime.worker`: be a worker. Knows only where that is done."""

from __future__ import annotations

from runtime.worker.process import main

if __name__ == "__main__":
    main()
