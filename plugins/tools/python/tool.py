"""`run_python`: the model's own program, in the sandbox; what it prints and the files it makes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from plugins.api import OutputFile, Tool, ToolOutput, ToolPreview, ToolStage
from plugins.errors import Cancelled, KnownError, Problem
from plugins.tools.python.run import Ran, files_in, run
from plugins.tools.python.sandbox import sandbox, shareable

MOST_FILES = 16


class RunPython(Tool):
    """Runs a Python program without network."""

    name = "run_python"
    version = "1"

    def missing(self) -> Problem | None:
        """The sandbox, where there is none."""
        found = sandbox()
        return found if isinstance(found, Problem) else None

    def preview(self, arguments: Mapping[str, Any], stage: ToolStage) -> ToolPreview | None:
        """The program."""
        return ToolPreview(str(arguments["code"]), "command")

    def call(self, arguments: Mapping[str, Any], stage: ToolStage) -> ToolOutput:
        """What it printed, and the files that it left in its folder."""
        kind = sandbox()
        if isinstance(kind, Problem):
            raise KnownError(kind)
        work = stage.folder / "work"
        work.mkdir()
        readable = shareable([one.path for one in stage.folders])
        ran = run(kind, str(arguments["code"]), work, readable, stage.cancelled)
        if stage.cancelled():
            raise Cancelled
        made = [path for path, _ in files_in(work)][:MOST_FILES]
        names = ", ".join(str(path.relative_to(work)) for path in made)
        told = [_told(ran), f"Files made: {names}" if made else ""]
        files = tuple(OutputFile(path, path.name) for path in made)
        return ToolOutput("\n".join(filter(None, told)), files)


def _told(ran: Ran) -> str:
    if ran.ended is not None:
        return f"{ran.output}\nThe program was ended: {ran.ended}."
    if ran.code:
        return f"{ran.output}\nThe program failed with code {ran.code}."
    return ran.output or "The program printed nothing."
