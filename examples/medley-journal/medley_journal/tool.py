"""`add_to_journal`: a dated line at the end of `journal.md` in the first granted folder."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from plugins.api import Tool, ToolOutput, ToolPreview, ToolStage
from plugins.errors import KnownError

FILE = "journal.md"


class AddToJournal(Tool):
    """Adds a line, and takes it away again."""

    name = "add_to_journal"
    version = "1"

    def preview(self, arguments: Mapping[str, Any], stage: ToolStage) -> ToolPreview:
        """The line as it will stand in the journal."""
        path = stage.resolve(FILE, write=True)
        return ToolPreview(f"{path}\n+ {_dated(arguments['line'])}", "diff")

    def call(self, arguments: Mapping[str, Any], stage: ToolStage) -> ToolOutput:
        """Add the line."""
        line = _dated(arguments["line"])
        path = stage.resolve(FILE, write=True)
        with path.open("a", encoding="utf-8") as file:
            file.write(f"{line}\n")
        return ToolOutput(f"The journal now ends with: {line}", undo=line)

    def undo(self, state: str, stage: ToolStage) -> str:
        """Take the line away, as long as it is the last one."""
        path = stage.resolve(FILE, write=True)
        lines = path.read_text("utf-8").splitlines(keepends=True)
        if not lines or lines[-1] != f"{state}\n":
            raise KnownError(
                "{file}: it was written to since. Take the line away yourself.", file=FILE
            )
        path.write_text("".join(lines[:-1]), "utf-8")
        return "The line was taken away."


def _dated(line: str) -> str:
    return f"{date.today().isoformat()} {' '.join(line.split())}"
