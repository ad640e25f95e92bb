"""The clipboard, the screen, and other programs that open something."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from plugins.api import OutputFile, Tool, ToolOutput, ToolPreview, ToolStage
from plugins.errors import KnownError
from plugins.printable import shown
from plugins.tools import services
from plugins.tools.files.places import name_of, opened_place

_ADDRESS = re.compile(r"(https?://|mailto:)[^\s\"'<>\\^`{|}]+", re.IGNORECASE)
_BARE = re.compile(r"www\.[\w-]+(\.[\w-]+)+(/[^\s\"'<>\\^`{|}]*)?", re.IGNORECASE)
_PROGRAMS = frozenset(
    ".appimage .bash .bat .cmd .com .desktop .exe .fish .jar .js .lnk .msi .ps1 .py .pyw .rb .run "
    ".scr .sh .url .vbs .zsh".split()
)
"""Endings of what would run instead of being shown."""


class ReadClipboard(Tool):
    """The clipboard's text."""

    name = "read_clipboard"
    version = "1"

    def call(self, arguments: Mapping[str, Any], stage: ToolStage) -> ToolOutput:
        """The text as it is."""
        return ToolOutput(services.read_clipboard(stage) or "The clipboard holds no text.")


class WriteClipboard(Tool):
    """Puts a text into the clipboard."""

    name = "write_clipboard"
    version = "1"

    def call(self, arguments: Mapping[str, Any], stage: ToolStage) -> ToolOutput:
        """What it held is gone."""
        services.write_clipboard(stage, str(arguments["text"]))
        return ToolOutput("It is in the clipboard.")


class TakeScreenshot(Tool):
    """A picture of the screen."""

    name = "take_screenshot"
    version = "1"

    def call(self, arguments: Mapping[str, Any], stage: ToolStage) -> ToolOutput:
        """The picture as a file."""
        path = services.take_screenshot(stage)
        return ToolOutput("This is the screen.", (OutputFile(path, f"screenshot{path.suffix}"),))


class Open(Tool):
    """Has another program open a file or an address."""

    name = "open"
    version = "1"

    def preview(self, arguments: Mapping[str, Any], stage: ToolStage) -> ToolPreview | None:
        """The address or the path in full."""
        return ToolPreview(shown(target_of(str(arguments["target"]), stage)), "command")

    def call(self, arguments: Mapping[str, Any], stage: ToolStage) -> ToolOutput:
        """Which program it is, the desktop decides."""
        target = target_of(str(arguments["target"]), stage)
        services.open_target(stage, target)
        path = Path(target)
        said = name_of(path, stage) if path.is_absolute() else shown(target)
        return ToolOutput(f"{said} was opened.")


def target_of(text: str, stage: ToolStage) -> str:
    """An address, or the path of a granted file or folder.

    Raises:
        KnownError: it is neither, or a program.
    """
    text = text.strip()
    if _ADDRESS.fullmatch(text):
        return text
    if _BARE.fullmatch(text):
        return f"https://{text}"
    path = stage.resolve(text)
    if path in [one.path for one in stage.folders]:
        return str(path)
    with opened_place(path, stage) as place:
        found = place.status()
    if found is None:
        raise KnownError(
            "{path}: expected a file or folder, found none. Use list_folder to see what is there.",
            "request",
            path=shown(path),
        )
    # On some file systems everything counts as a program: there the ending decides.
    runs = path.suffix.lower() in _PROGRAMS or (not path.suffix and os.access(path, os.X_OK))
    if runs and not path.is_dir():
        raise KnownError(
            "{path}: expected something to show, found a program. Programs are not started.",
            "request",
            path=shown(path),
        )
    return str(path)
