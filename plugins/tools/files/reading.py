"""`read_file`: text by lines, documents as text, pictures, sounds and clips as they are."""

from __future__ import annotations

import io
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from plugins.api import OutputFile, Tool, ToolOutput, ToolStage
from plugins.document_kinds import DOCX, HTML, PDF, mime_of
from plugins.errors import KnownError
from plugins.printable import shown
from plugins.stage import RenderStage
from plugins.text_decoding import decoded
from plugins.tools.files.places import name_of, opened_place, read_bytes

LINES, MOST_LINES, MOST_CHARACTERS = 200, 2000, 100_000
KINDS = {
    "picture": ".avif .bmp .gif .heic .heif .jpeg .jpg .png .tif .tiff .webp",
    "sound": ".aac .aif .aiff .flac .m4a .mp3 .oga .ogg .opus .wav .wma",
    "clip": ".avi .m4v .mkv .mov .mp4 .mpeg .mpg .webm .wmv",
}
"""What the endings of media stand for."""


class ReadFile(Tool):
    """Reads one file."""

    name = "read_file"
    version = "1"

    def call(self, arguments: Mapping[str, Any], stage: ToolStage) -> ToolOutput:
        """The lines that were asked for, or the medium."""
        path = stage.resolve(str(arguments["path"]))
        with opened_place(path, stage) as place:
            data = read_bytes(place)
        kind = kind_of(path)
        if kind:
            return ToolOutput(
                f"{name_of(path, stage)} is a {kind}; it is given back.",
                (given_back(data, path.name, stage),),
            )
        first = max(int(arguments.get("first_line") or 1), 1)
        count = min(max(int(arguments.get("lines") or LINES), 1), MOST_LINES)
        return ToolOutput(_lines(text_of(data, path, stage), path, first, count, stage))


def kind_of(path: Path) -> str:
    """`picture`, `sound` or `clip`, by the ending of a name; empty for anything else."""
    ending = path.suffix.lower()
    return next((kind for kind, known in KINDS.items() if ending in known.split()), "")


def given_back(data: bytes, name: str, stage: ToolStage) -> OutputFile:
    """Bytes as a file that the call gives back."""
    path = stage.folder / f"given{os.path.splitext(name)[1]}"
    path.write_bytes(data)
    return OutputFile(path, name)


def text_of(data: bytes, path: Path, stage: ToolStage) -> str:
    """The text of a file or a document.

    Raises:
        KnownError: it has none.
    """
    mime = mime_of(io.BytesIO(data), path.name)
    if mime in (DOCX, HTML, PDF):
        return _document(data, path, stage)
    text = decoded(data) if mime is not None or not data else None
    if text is None:
        raise KnownError(
            "{path}: expected a text, a document or a medium, found another kind of file. Use "
            "another one.",
            "request",
            path=shown(path),
        )
    return text


def _document(data: bytes, path: Path, stage: ToolStage) -> str:
    from plugins.readers.documents.reader import DocumentReader

    copy = stage.folder / f"read{path.suffix}"
    copy.write_bytes(data)
    try:
        reading = RenderStage(0, on_progress=lambda step, of, _: stage.progress(step, of))
        found = DocumentReader(None).read(copy, "document", reading)
    finally:
        copy.unlink()
    return "\n".join(f"[{one.place}] {one.text}" if one.place else one.text for one in found)


def _lines(text: str, path: Path, first: int, count: int, stage: ToolStage) -> str:
    lines = text.splitlines()
    if not lines:
        return f"{name_of(path, stage)} is empty."
    if first > len(lines):
        raise KnownError(
            "{path}: expected line {first}, found only {count} lines. Ask for an earlier one.",
            "request",
            path=shown(path),
            first=first,
            count=len(lines),
        )
    chosen = lines[first - 1 : first - 1 + count]
    head = f"{name_of(path, stage)}, lines {first} to {first - 1 + len(chosen)} of {len(lines)}:"
    body = "\n".join(chosen)
    if len(body) > MOST_CHARACTERS:
        body = f"{body[:MOST_CHARACTERS]}\n[the rest of these lines is left out]"
    return f"{head}\n{body}"
