"""One row of the transcript: a message, perhaps not read yet, and its blocks once shown."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import QObject

from desktop.assistant.progress import Progress
from desktop.window.media import addresses
from desktop.window.media.pictures import Steps
from desktop.window.transcript.blocks import (
    AT_FIRST,
    MORE,
    Block,
    BlocksModel,
    Body,
    Dress,
    estimated_height,
    make_blocks,
)
from desktop.window.transcript.overview import place_of
from storage.records import Message

UNREAD_PX = 160
"""Height of a message that nobody has read yet: an everyday one."""
_STATUS = {"interrupted": "stopped"}


class Row:
    """A place in the branch."""

    __slots__ = (
        "_model", "body", "height", "message", "most", "progress", "steps", "unanswered",
    )  # fmt: skip

    def __init__(self, message: Message | None = None) -> None:
        self.message = message
        self.body: Body | None = None
        self.height = UNREAD_PX if message is None else estimated_height(message)
        self.progress: dict[int, Progress] = {}
        self.steps: dict[int, str] = {}
        """Addresses of the latest previews, by artifact."""
        self.unanswered = False
        """Whether it is a person's last message and nothing answers it."""
        self.most = AT_FIRST
        """Characters of its text that are shown, about."""
        self._model: BlocksModel | None = None

    @property
    def status(self) -> str:
        """As QML knows it."""
        if self.message is None:
            return "complete"
        if self.message.state == "streaming" and not self.message.parts:
            return "waiting"
        return _STATUS.get(self.message.state, self.message.state)

    @property
    def shown(self) -> bool:
        """Whether somebody looks at its blocks."""
        return self._model is not None

    def value(self, role: str, at: int) -> Any:
        """One role of the row, which is the `at`th of its branch."""
        message = self.message
        match role:
            case "loaded":
                return message is not None and self.body is not None
            case "status":
                return self.status
            case "estimatedHeight":
                return self.height
            case "messageId":
                return "" if message is None else str(message.id)
            case "role":
                return ("user", "assistant")[at % 2] if message is None else message.role
            case "plain":
                return "" if message is None else message.text
            case "branchIndex":
                return 0 if message is None else message.sibling
            case "branchCount":
                return 1 if message is None else message.siblings
            case "place":
                return place_of(message)
            case "time":
                return 0.0 if message is None else float(message.created_ms)
        return None

    def model(self, dress: Dress, parent: QObject) -> BlocksModel:
        """Its blocks, made at the first time."""
        if self._model is None:
            self._model = BlocksModel(dress, parent)
            self._model.show(self.blocks())
        return self._model

    def dress_again(self) -> None:
        """Show code in other colours."""
        if self._model is not None:
            self._model.dress_again()

    def drop_model(self) -> None:
        """Let go of the blocks; they are made again when they are looked at."""
        if self._model is not None:
            self._model.deleteLater()
            self._model = None
            self.most = AT_FIRST

    def take(self, body: Body) -> None:
        """Another state of the same message."""
        self.message, self.body = body.message, body
        self.height = estimated_height(body.message)
        if body.message.state != "streaming":
            self.progress.clear()
            self.steps.clear()
        self.refresh()

    def advance(self, progress: Progress, steps: Steps) -> None:
        """Show how far a rendering is; pictures of its steps are put where they are found."""
        self.progress[progress.index] = progress
        if progress.preview is not None:
            address = addresses.step(progress.message_id, progress.index, progress.step)
            steps.put(address, progress.preview)
            self.steps[progress.index] = address
        self.refresh()

    def show_more(self) -> bool:
        """Show some more of its text; whether there is more still."""
        self.most += MORE
        self.refresh()
        return self.shown and any(block.kind == "more" for block in self.blocks())

    def show_less(self) -> None:
        """Show as much of its text as at first."""
        if self.most > AT_FIRST:
            self.most = AT_FIRST
            self.refresh()

    def refresh(self) -> None:
        """Show what is different in the blocks."""
        if self._model is not None:
            self._model.show(self.blocks())

    def blocks(self) -> list[Block]:
        """The blocks of the message as it is now; none while its text is not ready."""
        if self.body is None:
            return []
        found = make_blocks(self.body, self.progress, self.steps, self.most)
        if self.unanswered:
            found.append(Block("note/unanswered", "note", text="interrupted", action="retry"))
        return found

    def names(self) -> Mapping[str, str]:
        """File names of its media."""
        return {block.mediaId: block.name for block in self.blocks() if block.kind == "media"}


def row_of(body: Body) -> Row:
    """The row of a message that is ready to be shown."""
    row = Row(body.message)
    row.body = body
    return row
