"""One proof of a bundle or of an added model, by Medley's own command in a process of its own: it
reads tensors. Tells how far it is. Knows processes, and which files there are.
"""

from __future__ import annotations

import contextlib
from pathlib import Path

from desktop.program import own_command
from plugins.errors import KnownError
from runtime.process.reap import Command

_PREFIX = "medley: error: "


class Proof:
    """A proof under way. `kill` and `share` from any thread, `wait` on one."""

    def __init__(self, name: str, folder: Path) -> None:
        """Begin it; `name` is how the command knows the bundle or the model in `folder`.

        Raises:
            OSError: the system does not start the command.
        """
        self._folder = folder
        self._sizes = _sizes(name, folder)
        self._read = 0
        """Bytes that were seen to be read."""
        self._command = Command(own_command("models", "verify", name))

    def wait(self) -> tuple[bool, str]:
        """Whether the bundle is whole, and the last that was said of it."""
        code, out, err = self._command.wait()
        lines = (err if code else out).strip().splitlines()
        return code == 0, lines[-1].removeprefix(_PREFIX) if lines else ""

    def kill(self) -> None:
        """End it."""
        self._command.kill()

    def share(self) -> float:
        """The share of the bundle's bytes that were read, 0 to 1; -1 once its parts are tried, of
        which nobody knows how long they take."""
        done = {line[6:] for line in self._command.said().splitlines() if line.startswith("ok    ")}
        read = sum(size for path, size in self._sizes.items() if path in done)
        if read >= sum(self._sizes.values()):
            return -1.0
        # A file is read some moments before it is said to be.
        self._read = max(self._read, read + self._in_work())
        return self._read / sum(self._sizes.values())

    def _in_work(self) -> int:
        """Bytes read of the file that is being read, as far as the system tells."""
        import psutil

        files = {str((self._folder / path).resolve()) for path in self._sizes}
        with contextlib.suppress(psutil.Error):
            opened = psutil.Process(self._command.pid).open_files()
            return sum(getattr(file, "position", 0) for file in opened if file.path in files)
        return 0


def _sizes(name: str, folder: Path) -> dict[str, int]:
    """Bytes of the files by path, of a bundle or of a model that was added; none where nobody knows
    them."""
    from runtime.bundle.bundle import read_manifest
    from runtime.catalogue import added

    try:
        return {path: file.size for path, file in read_manifest(folder).files.items()}
    except KnownError:
        model = added.find(name)
        return {} if model is None else {path: file.bytes for path, file in model.files.items()}
