"""The blocks of one message as the transcript shows them. Knows messages; reads nothing.

A block is text, code, a medium, a rendering under way, a call of a tool, an error or a note. Blocks
are plain rows; `BlocksModel` shows them to QML.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject

from desktop.assistant.answer_saving import NOTE
from desktop.assistant.media_folder import file_name
from desktop.assistant.problems import KEY, problem_from, problem_of_message
from desktop.assistant.progress import Progress
from desktop.assistant.video_answers import SPEAKS
from desktop.modalities import modality
from desktop.window.listmodel import RowsModel
from desktop.window.media import addresses
from desktop.window.sentences import told
from desktop.window.transcript.pieces import weight
from desktop.window.transcript.tool_blocks import call_of
from plugins.errors import Problem
from storage.records import (
    FailedPart,
    MediumPart,
    Message,
    PendingPart,
    TextPart,
    ThinkingPart,
    ToolPart,
)

if TYPE_CHECKING:
    from desktop.window.transcript.richtext import Reading, TextBlock

LINE_PX, LINE_CHARACTERS = 22, 80
"""A line of text at scale 1 in a transcript of usual width."""
AT_FIRST, MORE = 20_000, 8_000
"""Characters of a message that are shown before somebody asks for more, and how many come at a
time then."""
BLOCK_CHARACTERS = 250
"""What a block counts for besides its characters."""
_ACTIONS = {"bundle": "bundle", "device": "settings", "fault": "engine", "memory": "settings"}
"""Which button an error gets beside "Try again", by its kind."""
_SPEAK = "speak"
"""Makes the clip of a face that says an answer once more; the answer stays."""
LONGEST_REASON = 2_000
"""Characters of why something failed."""
LONGEST_TITLE = 80
"""Characters."""
MEDIUM_PX, ROW_PX, TOOL_PX = 360, 64, 48
_LOW_PX = {"sound": 96, "file": 96}
"""Media that are lower than a picture."""
CLIP_ART = "medley.clipart"
"""The renderer that puts pictures together from glyphs."""


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
    card: str = ""
    """Which card shows a medium, as `desktop.modalities` has it."""
    mediaId: str = ""  # noqa: N815  (roles are named as QML names things)
    mime: str = ""
    source: str = ""
    width: int = 0
    height: int = 0
    duration: float = 0.0
    bytes: float = 0.0
    name: str = ""
    title: str = ""
    """What a medium shows or says, in a few words; empty where nobody knows."""
    made: bool = False
    artifactIndex: int = -1  # noqa: N815
    step: int = 0
    of: int = 0
    eta: float = -1.0
    preview: str = ""
    action: str = ""
    number: int = 0
    continued: bool = False
    quoted: bool = False
    clipart: bool = False
    """Whether a picture was put together from glyphs."""
    recording: bool = False
    """Whether a sound is that of the words beside it."""
    speaks: bool = False
    """Whether a clip is a face that says the words beside it."""
    call: dict[str, Any] = field(default_factory=dict)
    """A call of a tool; see `tool_blocks.call_of`."""


Dress = Callable[[list[Block]], list[Block]]
"""Gives code blocks their colours."""


class BlocksModel(RowsModel[Block]):
    """The blocks of one message."""

    roles = tuple(name for name in Block.__dataclass_fields__ if name != "key")

    def __init__(self, dress: Dress, parent: QObject | None = None) -> None:
        """`dress` gives code its colours."""
        super().__init__(parent)
        self._dress = dress
        self._plain: list[Block] = []

    def show(self, rows: list[Block]) -> None:
        """Show other blocks; those that stay keep their place on the screen."""
        self._plain = rows
        self.update(self._dress(rows), key=lambda block: block.key)

    def dress_again(self) -> None:
        """Show code in other colours."""
        if any(block.kind == "code" for block in self._plain):
            self.show(self._plain)


@dataclass(frozen=True)
class Body:
    """A message with its text made ready to be shown: what takes long was done elsewhere."""

    message: Message
    texts: Mapping[int, tuple[TextBlock, ...]] = field(default_factory=dict)
    """By part."""
    readings: Mapping[int, Reading] = field(default_factory=dict)
    """By part, from which reading goes on when there is more of it."""


def prepare(message: Message, before: Body | None = None) -> Body:
    """The body of a message; slow for long texts. `before` is an earlier state of it: what was
    read is not read again."""
    from desktop.window.transcript.richtext import plain_blocks, read

    parts = [part for part in message.parts if isinstance(part, TextPart)]
    if message.role != "assistant":
        return Body(message, {part.id: plain_blocks(part.text) for part in parts})
    known = {} if before is None else before.readings
    readings = {part.id: read(part.text, known.get(part.id)) for part in parts}
    return Body(message, {id_: reading.found for id_, reading in readings.items()}, readings)


class _Room:
    """How much text may still be shown of a message, and how much is not."""

    def __init__(self, characters: int) -> None:
        self._characters = characters
        self.left_out = 0

    def take(self, text: TextBlock) -> bool:
        """Whether this may be shown; what follows something that may not may not either."""
        if self.left_out or self._characters <= 0:
            self.left_out += len(text.plain)
            return False
        # The first piece of code that was cut has all of it as its plain text.
        plain = 0 if text.code else weight(text.plain)
        self._characters -= max(len(text.html) // 3, plain) + BLOCK_CHARACTERS
        return True


def make_blocks(
    body: Body,
    progress: Mapping[int, Progress],
    previews: Mapping[int, str],
    most: int = AT_FIRST,
) -> list[Block]:
    """The blocks of a message.

    Args:
        body: the prepared message.
        progress: by number of the artifact, how far its rendering is.
        previews: by number of the artifact, the URL of its latest preview.
        most: characters of text, about; for the rest there is a block of kind `more`.
    """
    message = body.message
    found: list[Block] = []
    number = 0
    room = _Room(most)
    more: int | None = None
    for part in message.parts:
        if isinstance(part, TextPart):
            found += _texts(part.id, body.texts.get(part.id, ()), room)
            if room.left_out and more is None:
                more = len(found)
                found.append(Block("more", "more"))
            if part.unheard:
                found.append(_unheard(part))
            continue
        if isinstance(part, ThinkingPart):
            found.append(_thinking(part, message))
            continue
        if isinstance(part, ToolPart):
            found.append(Block(f"{part.id}/tool", "tool", call=call_of(part)))
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
    if more is not None:
        found[more] = replace(found[more], number=room.left_out)
    return found + list(_endings(message))


def estimated_height(message: Message) -> int:
    """Pixels that the message will take at scale 1, roughly, before it is laid out."""
    height = ROW_PX
    for part in message.parts:
        if isinstance(part, TextPart):
            seen = part.text[:AT_FIRST]
            lines = sum(1 + len(line) // LINE_CHARACTERS for line in seen.split("\n"))
            height += lines * LINE_PX
        elif isinstance(part, ThinkingPart):
            height += LINE_PX
        elif isinstance(part, ToolPart):
            height += TOOL_PX
        elif isinstance(part, MediumPart):
            height += _LOW_PX.get(modality(part.medium.modality).card, MEDIUM_PX)
        else:
            height += MEDIUM_PX
    return height


def _texts(part_id: int, texts: tuple[TextBlock, ...], room: _Room) -> Iterator[Block]:
    for at, text in enumerate(texts):
        kind = "code" if text.code else "text"
        if room.take(text):
            yield Block(
                f"{part_id}/{at}/{kind}",
                kind,
                text.html,
                text.plain,
                language=text.language,
                continued=text.continued,
                quoted=text.quoted,
            )


def _unheard(part: TextPart) -> Block:
    return Block(f"{part.id}/unheard", "unheard", part.unheard, part.unheard.strip())


def _thinking(part: ThinkingPart, message: Message) -> Block:
    """What a model thought, folded: `text` says whether it still does."""
    state = "cut" if part.cut else "thought"
    if part.seconds is None and message.state == "streaming":
        state = "thinking"
    seconds = -1 if part.seconds is None else round(part.seconds)
    return Block(f"{part.id}/thinking", "thinking", state, part.text, number=seconds)


def _medium(part: MediumPart, number: int, words: str) -> Block:
    medium = part.medium
    return Block(
        f"{part.id}/medium",
        "media",
        modality=medium.modality,
        card=modality(medium.modality).card,
        mediaId=medium.sha256,
        mime=medium.mime,
        source=addresses.shown(medium),
        width=medium.width or 0,
        height=medium.height or 0,
        duration=medium.duration_s or 0.0,
        bytes=float(medium.size),
        name=file_name(medium, part.name, words),
        title=_title(part, words),
        made=part.has_recipe,
        artifactIndex=number,
        clipart=part.details.get("renderer") == CLIP_ART,
        recording=part.is_recording,
        speaks=bool(part.details.get(SPEAKS)),
    )


def _title(part: MediumPart, words: str) -> str:
    """What a person gave is called as its file; what was made by its caption, or by the words that
    came with it."""
    caption = part.details.get("caption")
    title = part.name or (caption if isinstance(caption, str) else "") or words
    line = " ".join(title.split())
    return line if len(line) <= LONGEST_TITLE else f"{line[: LONGEST_TITLE - 1]}…"


def _rendering(part: PendingPart, number: int) -> Block:
    return Block(f"{part.id}/rendering", "rendering", modality=part.modality, artifactIndex=number)


def _with_progress(block: Block, progress: Progress | None, preview: str) -> Block:
    if progress is None:
        return block
    return replace(block, step=progress.step, of=progress.of, eta=progress.eta_s, preview=preview)


def _failed(part: FailedPart, number: int) -> Block:
    reason = told(problem_from(part.details.get(KEY), part.reason))
    return Block(
        f"{part.id}/failed",
        "error" if reason else "note",
        text=_short(reason) or "interrupted",
        plain=reason,
        modality=part.modality,
        artifactIndex=number,
        action=_SPEAK if part.details.get(SPEAKS) else "retry" if reason else "",
    )


def _endings(message: Message) -> Iterator[Block]:
    """What is said after the parts: why it failed, where it was cut, what was left out."""
    if message.state == "failed":
        problem = problem_of_message(message)
        reason = _short(told(problem))
        yield Block("error", "error", text=reason, plain=reason, action=_action(problem))
    elif message.state in ("stopped", "interrupted") and not _was_spoken_into(message):
        action = ""
        if message.state == "interrupted":
            calls = any(isinstance(part, ToolPart) for part in message.parts)
            action = "resume" if calls else "retry"
        yield Block("note/state", "note", text=message.state, action=action)
    if message.details.get("finish") == "length":
        yield Block("note/length", "note", text="length")
    dropped = message.details.get("dropped")
    if isinstance(dropped, int) and dropped > 0:
        yield Block("note/dropped", "note", text="dropped", number=dropped)
    if quoted := _words(message.details.get("quoted")):
        yield Block("note/quoted", "note", text="quoted", plain=_places(quoted))
    if remembered := _listed(message.details.get("memories")):
        yield Block("note/memories", "note", text="memories", number=len(remembered))
    if NOTE in message.details:
        note = _short(told(problem_from(message.details[NOTE])))
        yield Block("note/agent", "note", text="agent", plain=note)
    for at, unread in enumerate(_listed(message.details.get("unread"))):
        reason = _short(told(problem_from(unread)))
        yield Block(f"note/unread/{at}", "note", text="unread", plain=reason)


def _was_spoken_into(message: Message) -> bool:
    """Whether a voice interrupted it, which its words that were not heard say already."""
    return any(isinstance(part, TextPart) and part.unheard for part in message.parts)


def _places(quoted: list[str]) -> str:
    """Places in documents, each document named once."""
    by_name: dict[str, list[str]] = {}
    for one in quoted:
        name, _, place = one.rpartition(", ")
        by_name.setdefault(name or place, []).append(place if name else "")
    documents = [", ".join(filter(None, [name, *places])) for name, places in by_name.items()]
    return "; ".join(documents)


def _words(given: object) -> list[str]:
    """Texts among what a message's maker wrote about it."""
    return [one for one in _listed(given) if isinstance(one, str)]


def _listed(given: object) -> list[object]:
    return given if isinstance(given, list) else []


def _short(reason: str) -> str:
    """A reason of a length that a card can hold."""
    return reason if len(reason) <= LONGEST_REASON else f"{reason[:LONGEST_REASON]} …"


def _action(problem: Problem) -> str:
    """Which button helps: a bundle is not mended by trying once more."""
    return _ACTIONS.get(problem.kind, "retry")
