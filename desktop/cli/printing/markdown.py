"""Writes a conversation as Markdown beside the files that it speaks of. Knows no engine."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote_from_bytes

from desktop.cli.printing.output import OutputFolder, shown
from plugins.errors import KnownError
from runtime.messages import MediaPart, Message, TextPart


@dataclass(frozen=True)
class Exchange:
    """One message and what came back."""

    asked: Message
    text: str
    files: tuple[Path, ...]
    """Made files, in the order in which the model asked for them."""


def write_transcript(exchanges: Sequence[Exchange], folder: Path) -> Path:
    """Write `conversation-<n>.md` into `folder` and copy the files that are not there yet.

    Raises:
        KnownError: the folder takes no files, or one to copy is gone.
    """
    output = OutputFolder(folder)
    output.check()
    lines: list[str] = []
    for exchange in exchanges:
        lines += ["**You:**", "", *_asked(exchange.asked, output), ""]
        lines += ["**Medley:**", "", *_answered(exchange, output), ""]
    return output.save("\n".join(lines).encode("utf-8"), "conversation", ".md")


def _asked(message: Message, output: OutputFolder) -> list[str]:
    lines = []
    for part in message.parts:
        if isinstance(part, TextPart):
            lines.append(shown(part.text))
        elif isinstance(part, MediaPart):
            lines.append(_link(Path(part.path), output))
    return lines


def _answered(exchange: Exchange, output: OutputFolder) -> list[str]:
    text = exchange.text.strip()
    return ([text] if text else []) + [_link(path, output) for path in exchange.files]


def _link(path: Path, output: OutputFolder) -> str:
    copy = _copied(path, output)
    target = quote_from_bytes(bytes(Path(copy.name)))
    mark = "!" if copy.suffix.lower() in {".png", ".jpg", ".jpeg", ".webp", ".gif"} else ""
    return f"{mark}[{shown(copy.name)}]({target})"


def _copied(path: Path, output: OutputFolder) -> Path:
    here = output.folder / path.name
    try:
        if here.exists() and here.samefile(path):
            return here
        data = path.read_bytes()
        if here.exists() and here.read_bytes() == data:
            return here
    except OSError as error:
        raise KnownError(
            f"{shown(path)}: cannot be copied into the conversation's folder ({error.strerror}). "
            "Put it back, or save elsewhere."
        ) from error
    return output.save(data, path.stem, path.suffix)
