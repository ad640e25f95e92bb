"""Prompts of a batch, a line of JSON each, and what became of them. Knows no Ray.

A line in: `{"id": "boat", "prompt": "draw a red boat", "allowed": ["image"], "seed": 7}`, of which
only `prompt` must be there. A line out: the `id`, the words, the files that were made and what
failed; or an `error` in a sentence.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

from plugins.errors import KnownError
from runtime.engine import Engine
from runtime.messages import (
    ArtifactFailed,
    ArtifactReady,
    Message,
    Sampling,
    TextPart,
    Turn,
    TurnDone,
    TurnFailed,
)

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")


class Prompt(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One line of the input."""

    prompt: str
    id: str = ""
    """Names its line and files in the output; empty is the line's number."""
    allowed: tuple[str, ...] | None = None
    """Modalities that the answer may hold; None allows all that the bundle has."""
    system: str | None = None
    seed: int | None = None
    """None is the line's number, so that the same batch gives the same files."""
    max_tokens: int | None = None
    parameters: dict[str, dict[str, int | float | bool | str]] = {}
    """Of renderers, by modality."""


class File(msgspec.Struct, frozen=True):
    """One thing that was made."""

    modality: str
    name: str
    """Of the file, beside the output."""
    mime: str
    seed: int
    caption: str = ""
    data: bytes = b""
    """Its bytes on their way to the disk; nothing of them is in the output."""


class Outcome(msgspec.Struct, frozen=True, omit_defaults=True):
    """One line of the output."""

    id: str
    text: str = ""
    files: tuple[File, ...] = ()
    failed: tuple[str, ...] = ()
    """A sentence for each thing that could not be made."""
    error: str = ""
    """Why there is no answer; a sentence."""


def read(path: Path) -> list[Prompt]:
    """The prompts of a file, each with an id and a seed.

    Raises:
        KnownError: it cannot be read, or a line is no prompt; the line is named.
    """
    try:
        lines = path.read_bytes().splitlines()
    except OSError as error:
        raise KnownError(
            "{path}: expected a readable file with a prompt on each line, found: {strerror}.",
            path=path,
            strerror=error.strerror or error,
        ) from error
    found: dict[str, Prompt] = {}
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            one = msgspec.json.decode(line, type=Prompt)
        except (msgspec.MsgspecError, UnicodeDecodeError) as error:
            raise _bad(path, number, str(error)) from error
        name = one.id or str(number)
        if not _NAME.fullmatch(name) or name in found:
            raise _bad(path, number, f"the id {name[:100]!r}, twice or no name of a file")
        seed = number if one.seed is None else one.seed
        found[name] = msgspec.structs.replace(one, id=name, seed=seed)
    return list(found.values())


def answered(engine: Engine, one: Prompt) -> Outcome:
    """What an engine makes of a prompt; whatever is wrong is told in the outcome."""
    turn = Turn(
        (Message("user", (TextPart(one.prompt),)),),
        allowed=one.allowed,
        system=one.system,
        seed=one.seed,
        sampling=Sampling(max_new_tokens=one.max_tokens),
        parameters=one.parameters,
    )
    files: list[File] = []
    failed: list[str] = []
    for event in engine.answer(turn):
        match event:
            case ArtifactReady():
                name = f"{one.id}-{event.index + 1}{event.extension}"
                files.append(
                    File(event.modality, name, event.mime, event.seed, event.caption, event.data)
                )
            case ArtifactFailed():
                failed.append(str(event.problem))
            case TurnFailed():
                return Outcome(one.id, failed=tuple(failed), error=str(event.problem))
            case TurnDone():
                said = (part.text for part in event.reply.parts if isinstance(part, TextPart))
                return Outcome(one.id, "".join(said), tuple(files), tuple(failed))
    return Outcome(one.id, error="the answer did not come to its end.")


class Output:
    """The folder of a batch: `outcomes.jsonl` and the files that were made."""

    def __init__(self, folder: Path) -> None:
        """Raises:
        KnownError: the folder cannot be made.
        """
        self._folder = folder
        self._path = folder / "outcomes.jsonl"
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise KnownError(
                "{folder}: expected a folder that can be written to, found: {strerror}.",
                "disk",
                folder=folder,
                strerror=error.strerror or error,
            ) from error

    def done(self) -> set[str]:
        """The ids of what was answered before; what failed is asked again."""
        return {one["id"] for one in self._lines() if not one.get("error")}

    def add(self, outcome: Outcome) -> None:
        """Write an outcome: its files, then its line."""
        for file in outcome.files:
            (self._folder / file.name).write_bytes(file.data)
        files = tuple(msgspec.structs.replace(file, data=b"") for file in outcome.files)
        told: dict[str, Any] = msgspec.to_builtins(msgspec.structs.replace(outcome, files=files))
        for file in told.get("files", ()):
            del file["data"]
        with self._path.open("ab") as written:
            written.write(msgspec.json.encode(told) + b"\n")

    def _lines(self) -> Iterator[dict[str, Any]]:
        if not self._path.exists():
            return
        for line in self._path.read_bytes().splitlines(keepends=True):
            if line.endswith(b"\n"):  # A line that a kill cut short is none.
                yield msgspec.json.decode(line)


def _bad(path: Path, number: int, found: str) -> KnownError:
    return KnownError(
        "{path}, line {number}: expected a prompt as JSON with an id of its own, found: {found}. "
        "Correct the line.",
        path=path,
        number=number,
        found=found,
    )
