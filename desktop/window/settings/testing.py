"""One self-test of a bundle, by Medley's own command in a process of its own, so that the engine
which answers goes on meanwhile. Tells how far it is. Knows processes.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from desktop.program import own_command
from plugins.errors import KnownError
from runtime.process.reap import Command

if TYPE_CHECKING:
    from runtime.self_test.outcomes import SelfTest

_PREFIX = "medley: error: "
_BESIDE_SIGNALS = 7
"""Steps of a test beside one for each modality that is made."""


class Trial:
    """A self-test under way. `kill`, `share` and `said` from any thread, `wait` on one."""

    def __init__(self, name: str, folder: Path) -> None:
        """Begin it; `name` is how the command knows the bundle in `folder`.

        Raises:
            OSError: the system does not start the command.
        """
        self._folder = folder
        self._steps = _steps(folder)
        self._command = Command(own_command("models", "test", name))

    def wait(self) -> SelfTest:
        """What was found.

        Raises:
            KnownError: the bundle cannot be tested, or the test was ended.
        """
        from runtime.self_test import kept

        code, _, err = self._command.wait()
        found = kept.of(self._folder) if code in (0, 1) else None
        if found is None:
            lines = err.strip().splitlines()
            if lines and lines[-1].startswith(_PREFIX):
                raise KnownError(lines[-1].removeprefix(_PREFIX))
            raise KnownError("the self-test was ended before it was finished. Begin it again.")
        return found

    def kill(self) -> None:
        """End it; nothing is kept of it."""
        self._command.kill()

    def share(self) -> float:
        """The share of its steps that are done, 0 to 1."""
        return min(len(self.said()) / self._steps, 1.0)

    def said(self) -> list[str]:
        """The lines so far, one for each step that is done, in English."""
        return self._command.said().splitlines()


def _steps(folder: Path) -> int:
    from runtime.bundle.bundle import read_manifest

    try:
        return _BESIDE_SIGNALS + len(read_manifest(folder).signals)
    except KnownError:
        return _BESIDE_SIGNALS
