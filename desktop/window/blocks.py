"""The blocks of one message as the transcript shows them. Knows messages; reads nothing.

A block is text, code, a medium, a rendering under way, an error or a note. Blocks are plain rows;
`BlocksModel` shows them to QML.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from desktop.assistant.media_folder import file_name
from desktop.assistant.progress import Progress
from desktop.window import addresses
from desktop.window.listmodel import RowsModel
from desktop.window.richtext import TextBlock, blocks, plain_blocks
from storage.rows import FailedPart, MediumPart, Message, PendingPart, TextPart

LINE_PX, LINE_CHARACTERS = 22, 80
"""A line of text at scale 1 in a transcript of usual width."""
MEDIUM_PX, SOUND_PX, ROW_PX = 360, 96, 64


@dataclass(frozen=True)
class Block:
    """One block; its fields are the roles of `BlocksModel`."""

    key: str
    """The same for the same block of a message from one state to the next."""
    kind: str
    text: str = ""
    plain: str = ""
    language: str = ""
    modality: str = ""
    mediaId: str = ""  # noqa: N815  (roles are named as QML names things)
    mime: str = ""
    source: str = ""
    width: int = 0
    height: int = 0
    duration: float = 0.0
    bytes: float = 0.0
    name: str = ""
    made: bool = False
    artifactIndex: int = -1  # noqa: N815
    step: int = 0
    of: int = 0
    eta: float = -1.0
    preview: str = ""
    action: str = ""
    number: int = 0


class BlocksModel(RowsModel[Block]):
    """The blocks of one message."""

    roles = tuple(name for name in Block.__dataclass_fields__ if name != "key")

    def show(self, rows: list[Block]) -> None:
        """Show other blocks; those that stay keep their place on the screen."""
        self.update(rows, key=lambda block: block.key)


@dataclass(frozen=True)
class Body:
    """A message with its text made ready to be shown: what takes long was done elsewhere."""

    message: Message
    texts: Mapping[int, tuple[TextBlock, ...]] = field(default_factory=dict)
    """By part."""
    dark: bool = False


def prepare(message: Message, dark: bool) -> Body:
    """The body of a message; slow for long texts."""
    texts = {
        part.id: blocks(part.text, dark) if message.role == "assistant" else plain_blocks(part.text)
        for part in message.parts
        if isinstance(part, TextPart)
    }
    return Body(message, texts, dark)


def make_blocks(
    body: Body, progress: Mapping[int, Progress], previews: Mapping[int, str]
) -> list[Block]:
    """The blocks of a message.

    Args:
        body: the prepared message.
        progress: by number of the artifact, how far its rendering is.
        previews: by number of the artifact, the URL of its latest preview.
    """
    message = body.message
    found: list[Block] = []
    number = 0
    for part in message.parts:
        if isinstance(part, TextPart):
            found += _texts(part.id, body.texts.get(part.id, ()))
            continue
        if isinstance(part, MediumPart):
            found.append(_medium(part, number if message.role == "assistant" else -1, message.text))
        elif isinstance(part, PendingPart):
            rendering = _rendering(part, number)
            found.append(_with_progress(rendering, progress.get(number), previews.get(number, "")))
        elif isinstance(part, FailedPart) and (part.reason or message.state == "complete"):
            # Without a reason of its own it ended with its answer, whose end says so.
            found.append(_failed(part, number))
        number += 1
    return found + list(_endings(message))


def estimated_height(message: Message) -> int:
    """Pixels that the message will take at scale 1, roughly, before it is laid out."""
    height = ROW_PX
    for part in message.parts:
        if isinstance(part, TextPart):
            lines = sum(1 + len(line) // LINE_CHARACTERS for line in part.text.split("\n"))
            height += lines * LINE_PX
        elif isinstance(part, MediumPart):
            height += SOUND_PX if part.medium.modality == "audio" else MEDIUM_PX
        else:
            height += MEDIUM_PX
    return height


def _texts(part_id: int, texts: tuple[TextBlock, ...]) -> Iterator[Block]:
    for at, text in enumerate(texts):
        kind = "code" if text.code else "text"
        yield Block(f"{part_id}/{at}/{kind}", kind, text.html, text.plain, language=text.language)


def _medium(part: MediumPart, number: int, words: str) -> Block:
    medium = part.medium
    return Block(
        f"{part.id}/medium",
        "media",
        modality=medium.modality,
        mediaId=medium.sha256,
        mime=medium.mime,
        source=addresses.shown(medium),
        width=medium.width or 0,
        height=medium.height or 0,
        duration=medium.duration_s or 0.0,
        bytes=float(medium.size),
        name=file_name(medium, part.name, words),
        made=part.has_recipe,
        artifactIndex=number,
    )


def _rendering(part: PendingPart, number: int) -> Block:
    return Block(f"{part.id}/rendering", "rendering", modality=part.modality, artifactIndex=number)


def _with_progress(block: Block, progress: Progress | None, preview: str) -> Block:
    if progress is None:
        return block
    return replace(block, step=progress.step, of=progress.of, eta=progress.eta_s, preview=preview)


def _failed(part: FailedPart, number: int) -> Block:
    return Block(
        f"{part.id}/failed",
        "error" if part.reason else "note",
        text=part.reason or "interrupted",
        plain=part.reason,
        modality=part.modality,
        artifactIndex=number,
        action="retry" if part.reason else "",
    )


def _endings(message: Message) -> Iterator[Block]:
    """What is said after the parts: why it failed, where it was cut, what was left out."""
    if message.state == "failed":
        reason = message.error
        yield Block("error", "error", text=reason, plain=reason, action=_action(reason))
    elif message.state in ("stopped", "interrupted"):
        action = "retry" if message.state == "interrupted" else ""
        yield Block("note/state", "note", text=message.state, action=action)
    if message.details.get("finish") == "length":
        yield Block("note/length", "note", text="length")
    dropped = message.details.get("dropped")
    if isinstance(dropped, int) and dropped > 0:
        yield Block("note/dropped", "note", text="dropped", number=dropped)


def _action(reason: str) -> str:
    """Which button helps: a broken bundle is not mended by trying once more."""
    if reason.startswith(("bundle ", "no bundle ")):
        return "bundle"
    return "retry"
