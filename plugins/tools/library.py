"""Tools for the library and for the media of the conversation."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from plugins.api import OutputFile, Tool, ToolOutput, ToolPreview, ToolStage
from plugins.errors import KnownError
from plugins.printable import one_line, shown
from plugins.regular_files import open_regular
from plugins.tools import services
from plugins.tools.files.atomic import write_at
from plugins.tools.files.kept import CHANGES, Written, digest, state_of, take_back
from plugins.tools.files.places import name_of, opened_place, read_bytes
from plugins.tools.files.reading import given_back, kind_of

MODALITIES = {"picture": "image", "sound": "audio", "clip": "video", "document": "document"}
"""The model's word for each modality."""
_MOST_TEXT = 300
_REFERENCE = re.compile(r"\s*(picture|image|photo|sound|audio|clip|video|file)\s*#?\s*(\d+)\s*")
_SAME = {"image": "picture", "photo": "picture", "audio": "sound", "video": "clip"}
_MOST_BYTES = 500_000_000


class SearchLibrary(Tool):
    """Finds what was said and made before."""

    name = "search_library"
    version = "1"

    def call(self, arguments: Mapping[str, Any], stage: ToolStage) -> ToolOutput:
        """One block per message."""
        kind = arguments.get("kind")
        found = services.search_library(
            stage,
            str(arguments.get("query") or ""),
            modalities=(MODALITIES[kind],) if kind in MODALITIES else (),
            since=str(arguments.get("since") or ""),
            until=str(arguments.get("until") or ""),
        )
        return ToolOutput("\n".join(map(_told, found)) or "Nothing was found.")


class ListMedia(Tool):
    """The media of the conversation."""

    name = "list_media"
    version = "1"

    def call(self, arguments: Mapping[str, Any], stage: ToolStage) -> ToolOutput:
        """One line per medium."""
        lines = [
            ": ".join(filter(None, (one.reference, one_line(one.caption or one.name))))
            for one in services.list_media(stage)
        ]
        return ToolOutput("\n".join(lines) or "There are no media in this conversation.")


class LookAt(Tool):
    """Gives a medium to the model."""

    name = "look_at"
    version = "1"

    def call(self, arguments: Mapping[str, Any], stage: ToolStage) -> ToolOutput:
        """The medium as a file."""
        wanted = str(arguments["medium"])
        reference = reference_of(wanted)
        if reference:
            file = services.media_file(stage, reference)
            return ToolOutput(f"This is {reference}.", (OutputFile(Path(file.path), file.name),))
        path = stage.resolve(wanted)
        if not kind_of(path):
            raise KnownError(
                "{path}: expected a picture, a sound or a clip, found another file. Use read_file "
                "for it.",
                "request",
                path=shown(path),
            )
        with opened_place(path, stage) as place:
            data = read_bytes(place)
        return ToolOutput(f"This is {name_of(path, stage)}.", (given_back(data, path.name, stage),))


class SaveMedium(Tool):
    """Writes a medium of the conversation into a granted folder."""

    name = "save_medium"
    version = "1"

    def preview(self, arguments: Mapping[str, Any], stage: ToolStage) -> ToolPreview | None:
        """Where it goes."""
        path = stage.resolve(str(arguments["path"]), write=True)
        return ToolPreview(f"{arguments['medium']} -> {shown(path)}")

    def call(self, arguments: Mapping[str, Any], stage: ToolStage) -> ToolOutput:
        """Nothing is replaced; a name without an ending gets the medium's."""
        reference = reference_of(str(arguments["medium"]))
        if not reference:
            raise KnownError(
                "{medium}: expected a medium of this conversation such as `picture 1`. Use "
                "list_media to see them.",
                "request",
                medium=str(arguments["medium"])[:80],
            )
        path = stage.resolve(str(arguments["path"]), write=True)
        file = services.media_file(stage, reference)
        with open_regular(file.path) as source:
            data = source.read(_MOST_BYTES)
        os.unlink(file.path)
        if path.is_dir():
            path = path / Path(file.name or file.path).name
        if not path.suffix:
            path = path.with_name(path.name + Path(file.path).suffix)
        with CHANGES, opened_place(path, stage, make=True) as place:
            if place.status() is not None:
                raise KnownError(
                    "{path}: expected a free name, found something of this name. Choose another "
                    "one.",
                    "request",
                    path=shown(path),
                )
            write_at(place.fd, place.name, data)
        change = Written(str(path), None, digest(data))
        return ToolOutput(f"Saved as {name_of(path, stage)}.", undo=state_of(change))

    def undo(self, state: str, stage: ToolStage) -> str:
        """Remove the file, unless it was changed since."""
        return take_back(state, stage)


def reference_of(text: str) -> str:
    """`picture 2` for what a model calls it, such as `Image #2`; empty for anything else."""
    found = _REFERENCE.fullmatch(text.casefold())
    if found is None:
        return ""
    return f"{_SAME.get(found[1], found[1])} {int(found[2])}"


def _told(found: services.Found) -> str:
    medium = ""
    if found.medium is not None:
        medium = f" [{found.medium.reference or found.medium.modality} {found.medium.name}]"
    text = one_line(found.text)
    text = text if len(text) <= _MOST_TEXT else f"{text[:_MOST_TEXT]}..."
    return f"{found.when[:16]} {found.role} in '{one_line(found.title)}': {text}{medium}"
