"""What is remembered about the person over conversations."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from plugins.api import Tool, ToolOutput, ToolStage
from plugins.printable import one_line
from plugins.tools import services


class Remember(Tool):
    """Keeps one fact."""

    name = "remember"
    version = "1"

    def call(self, arguments: Mapping[str, Any], stage: ToolStage) -> ToolOutput:
        """The person can read, change and remove it."""
        id = services.add_memory(stage, one_line(str(arguments["fact"])))
        return ToolOutput(f"Remembered as {id}.")


class Recall(Tool):
    """Reads what is remembered."""

    name = "recall"
    version = "1"

    def call(self, arguments: Mapping[str, Any], stage: ToolStage) -> ToolOutput:
        """One line per fact."""
        lines = [f"{one.id}: {one_line(one.text)}" for one in services.list_memories(stage)]
        return ToolOutput("\n".join(lines) or "Nothing is remembered.")


class Forget(Tool):
    """Removes one fact."""

    name = "forget"
    version = "1"

    def call(self, arguments: Mapping[str, Any], stage: ToolStage) -> ToolOutput:
        """By its number."""
        services.forget_memory(stage, int(arguments["id"]))
        return ToolOutput("It is forgotten.")
