"""The transcript: the messages of the active branch, one row each, read when they come into view.

Follows the library: every write that touches the conversation is read again, at most some thirty
times a second, on the library's queue. What a row shows is what the library holds, plus how far
renderings are, which only the assistant knows.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import Property, QObject, QTimer, Signal

from desktop.assistant.progress import Progress
from desktop.window.announcing import Announcer
from desktop.window.listmodel import RowsModel
from desktop.window.media.pictures import Steps
from desktop.window.session import Session
from desktop.window.transcript import branch_reader
from desktop.window.transcript.actions import TranscriptActions
from desktop.window.transcript.blocks import Block, Body, prepare
from desktop.window.transcript.colours import Colours
from desktop.window.transcript.message_row import Row, row_of
from desktop.window.transcript.overview import Overview, model_of, overview
from storage.records import Changed, Message

REFRESH_MS = 33
"""Between two readings while an answer streams."""
SHORT = 8000
"""Characters of a text that may be made ready while it is being scrolled into view."""
AHEAD = 120
"""Rows that are read before they come into view."""
KEPT_MODELS = 400
_CHANGING = (
    "status", "plain", "branchIndex", "branchCount", "estimatedHeight", "loaded", "model", "place",
)  # fmt: skip


class Transcript(TranscriptActions, RowsModel[Row]):
    """The open conversation."""

    conversationChanged = Signal()  # noqa: N815  (Qt names signals so)
    busyChanged = Signal()  # noqa: N815
    failedChanged = Signal()  # noqa: N815
    announcementChanged = Signal()  # noqa: N815
    emptyChanged = Signal()  # noqa: N815
    overviewChanged = Signal(object)  # noqa: N815
    scrollTo = Signal(int)  # noqa: N815
    detailsReady = Signal("QVariantMap", arguments=["details"])  # type: ignore[arg-type]  # noqa: N815
    saved = Signal(str, str)
    copied = Signal()

    roles = (
        "messageId", "role", "status", "loaded", "estimatedHeight", "blocks", "plain",
        "branchIndex", "branchCount", "time", "last", "model", "place",
    )  # fmt: skip

    def __init__(self, session: Session, steps: Steps, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session, self._steps = session, steps
        self.colours = Colours(session, self)
        self.colours.came.connect(self._dress_again)
        self.conversation: int | None = None
        self.dark = False
        self._ids: list[int | None] = []
        self._first_read = 0
        self._generation = 0
        self._reading = self._refreshing = self._landing = self._loading = False
        self._wanted = 0
        self._dirty: set[int] = set()
        self._goal: int | None = None
        self._models: OrderedDict[int, Row] = OrderedDict()
        self._busy = self._failed = False
        self.overview = Overview()
        self.announcement_text = ""
        self._announcer = Announcer()
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.timeout.connect(self._refresh)
        self.countChanged.connect(self.emptyChanged)
        session.changed.connect(self._on_change)
        session.progressed.connect(self._on_progress)

    # What is open.

    def open(self, conversation_id: int | None, goal: int | None = None) -> None:
        """Show another conversation; None is the one that does not exist yet.

        `goal` is a message to be brought into view, on whichever branch it is.
        """
        if conversation_id == self.conversation and goal is None:
            return
        self.conversation, self._goal = conversation_id, None
        self._generation += 1
        self._dirty.clear()
        self._show([], 0, loading=conversation_id is not None)
        self.conversationChanged.emit()
        if conversation_id is None:
            return
        generation = self._generation

        def load(now: Any) -> tuple[branch_reader.Loaded, int | None]:
            depth = None
            if goal is not None:
                now.library.messages.choose(goal)
                depth = now.library.messages.get(goal).depth
            return branch_reader.load(now.library, conversation_id, depth), depth

        def show(outcome: tuple[branch_reader.Loaded, int | None]) -> None:
            if generation == self._generation:
                loaded, depth = outcome
                # The view makes its first rows before it goes where it is sent. They are not
                # looked at, and what is looked at then was loaded.
                self._landing = True
                self._show(loaded.bodies, loaded.conversation.length)
                self.scrollTo.emit(self.rowCount() - 1 if depth is None else depth)
                self._landing = False

        def failed(error: Exception) -> None:
            if generation == self._generation:
                self._show([], 0)
            self._session.announce(error)

        self._session.ask(load, show, failed)

    def recolour(self, dark: bool) -> None:
        """Show code in the colours of the other theme."""
        if dark != self.dark:
            self.dark = dark
            self._dress_again()

    def _dress_again(self) -> None:
        for row in self._models.values():
            row.dress_again()

    def _dress(self, blocks: list[Block]) -> list[Block]:
        return self.colours.dressed(blocks, self.dark)

    def _show(self, bodies: Sequence[Body], length: int, loading: bool = False) -> None:
        self._loading = loading
        for row in self._rows:
            row.drop_model()
        self._models.clear()
        length = max(length, len(bodies))
        rows = [Row() for _ in range(length - len(bodies))]
        rows += [row_of(body) for body in bodies]
        if rows and (last := rows[-1].message) is not None:
            rows[-1].unanswered = last.role == "user"
        self._ids = [None if row.message is None else row.message.id for row in rows]
        self._recount()
        self.reset(rows)
        self._set_busy()

    # Reading rows that come into view.

    def value(self, row: int, role: str) -> Any:
        """One role of one row; asks for what is not read yet."""
        place = self._rows[row]
        if row - AHEAD < self._first_read and not self._landing:
            self._want(max(0, row - AHEAD))
        if role == "blocks":
            return self._blocks(row, place)
        if role == "last":
            return row == len(self._rows) - 1
        if role == "model":
            return model_of(place.message) if self.overview.mixed else ""
        return place.value(role, row)

    def _blocks(self, at: int, row: Row) -> QObject:
        self._make_ready(at, row)
        self._models[id(row)] = row
        self._models.move_to_end(id(row))
        while len(self._models) > KEPT_MODELS:
            self._models.popitem(last=False)[1].drop_model()
        return row.model(self._dress, self)

    def _make_ready(self, at: int, row: Row) -> None:
        """Short texts at once, long ones on their own queue."""
        message = row.message
        if message is None or row.body is not None:
            return
        if len(message.text) <= SHORT:
            row.body = prepare(message)
            row.refresh()
        else:
            self._prepare(at, row)

    def _prepare(self, at: int, row: Row) -> None:
        message = row.message
        if message is None:
            return

        def show(body: Body) -> None:
            if row.message is message:
                row.take(body)
                if at < len(self._rows) and self._rows[at] is row:
                    self.changed(at, at, _CHANGING)

        self._session.ask(lambda _: prepare(message), show, queue="text")

    def _recount(self) -> None:
        """Find the first row from which on everything was read."""
        first = len(self._ids)
        while first and self._ids[first - 1] is not None:
            first -= 1
        self._first_read = first

    def _want(self, target: int) -> None:
        self._wanted = min(self._wanted, target) if self._reading else target
        first = self._first_read
        if self._reading or first <= target or self.conversation is None or not self._rows:
            return
        before = self._rows[first].message if first < len(self._rows) else None
        if before is None:
            return
        self._reading = True
        generation, conversation = self._generation, self.conversation

        def show(messages: tuple[Message, ...]) -> None:
            self._reading = False
            if generation == self._generation:
                self._fill(messages)
                self._want(self._wanted)

        def failed(error: Exception) -> None:
            self._reading = False
            self._session.announce(error)

        self._session.ask(
            lambda now: branch_reader.older(now.library, conversation, before, target), show, failed
        )

    def _fill(self, messages: Sequence[Message]) -> None:
        """Put messages into the rows that wait for them."""
        for message in messages:
            if message.depth < len(self._rows) and self._ids[message.depth] is None:
                row = self._rows[message.depth]
                row.message = message
                row.height = Row(message).height
                self._ids[message.depth] = message.id
                if row.shown:
                    self._make_ready(message.depth, row)
        self._recount()
        if messages:
            self.changed(messages[0].depth, messages[-1].depth)
            self._look_over()

    # Following the library.

    def _on_change(self, change: Changed) -> None:
        if self.conversation in change.conversations and change.messages:
            self._dirty |= change.messages
            if not self._refreshing and not self._pause.isActive():
                self._refresh()

    def _refresh(self) -> None:
        conversation = self.conversation
        if conversation is None or not self._dirty or self._refreshing:
            return
        dirty, self._dirty = self._dirty, set()
        generation, ids = self._generation, self._ids
        known = {id_: row.body for id_, row in zip(ids, self._rows, strict=True) if id_ in dirty}
        bodies = {id_: body for id_, body in known.items() if id_ is not None and body is not None}
        self._refreshing = True
        begun = time.monotonic()

        def show(fresh: branch_reader.Refreshed) -> None:
            self._refreshing = False
            if generation != self._generation:
                self._dirty |= dirty if conversation == self.conversation else set()
            else:
                self._apply(fresh)
            # Reading a long text takes long: half of the time at most is spent on it.
            self._pause.start(max(REFRESH_MS, round(1000 * (time.monotonic() - begun))))

        def failed(error: Exception) -> None:
            self._refreshing = False
            self._session.announce(error)

        what = (conversation, ids, dirty, bodies)
        self._session.ask(lambda now: branch_reader.refresh(now.library, *what), show, failed)

    def _apply(self, fresh: branch_reader.Refreshed) -> None:
        for body in fresh.others:
            self._update(body)
        new: list[Body] = []
        for body in fresh.bodies:
            depth = body.message.depth
            if not new and depth < len(self._ids) and self._ids[depth] == body.message.id:
                self._update(body)
            else:
                new.append(body)
        if new:
            self._replace(new)
        elif fresh.conversation.length < len(self._rows):
            self._cut(fresh.conversation.length)
        self._set_busy()
        self._announce()

    def _update(self, body: Body) -> None:
        depth = body.message.depth
        if depth < len(self._ids) and self._ids[depth] == body.message.id:
            self._rows[depth].take(body)
            self.changed(depth, depth, _CHANGING)

    def _replace(self, bodies: Sequence[Body]) -> None:
        """Show another end of the branch."""
        begin = bodies[0].message.depth
        self._cut(begin)
        self._generation += 1
        rows = [Row() for _ in range(begin - len(self._rows))] + [row_of(body) for body in bodies]
        self._ids = [*self._ids, *(None if r.message is None else r.message.id for r in rows)]
        before = len(self._rows) - 1
        if before >= 0:
            self._rows[before].unanswered = False
        self._recount()
        self.append(rows)
        if before >= 0:
            self._rows[before].refresh()
            self.changed(before, before, ("last",))
        self.scrollTo.emit(len(self._rows) - 1)

    def _cut(self, length: int) -> None:
        """Take away everything from row `length` on."""
        if length >= len(self._rows):
            return
        gone = self._rows[length:]
        self._generation += 1
        self._ids = self._ids[:length]
        self._recount()
        self.drop(length, len(gone))
        for row in gone:
            self._models.pop(id(row), None)
            row.drop_model()

    def _on_progress(self, progress: Progress) -> None:
        at = self.rowOf(str(progress.message_id))
        if at < 0:
            return
        if not self._rows[at].progress:
            # What is being made is looked at before it is shown.
            self._session.ready_looks()
        self._rows[at].advance(progress, self._steps)

    # What is said of it as a whole.

    @property
    def _last(self) -> Message | None:
        return self._rows[-1].message if self._rows else None

    def _set_busy(self) -> None:
        last = self._last
        busy, failed = (last is not None and last.state == s for s in ("streaming", "failed"))
        if busy != self._busy:
            self._busy = busy
            self.busyChanged.emit()
        if failed != self._failed:
            self._failed = failed
            self.failedChanged.emit()
        if not busy:
            self._look_over()

    def _look_over(self) -> None:
        found, before = overview(row.message for row in self._rows), self.overview
        if found != before:
            self.overview = found
            self.overviewChanged.emit(found)
            if found.mixed != before.mixed and self._rows:
                self.changed(0, len(self._rows) - 1, ("model",))

    def _announce(self) -> None:
        """Say new sentences of the last answer, for those who listen."""
        last = self._last
        if last is None or last.role != "assistant":
            return
        if text := self._announcer.new_words(last):
            self.announcement_text = text
            self.announcementChanged.emit()

    conversationId = Property(  # noqa: N815
        str,
        lambda self: "" if self.conversation is None else str(self.conversation),
        notify=conversationChanged,
    )
    busy = Property(bool, lambda self: self._busy, notify=busyChanged)
    failed = Property(bool, lambda self: self._failed, notify=failedChanged)
    empty = Property(bool, lambda self: not (self._rows or self._loading), notify=emptyChanged)
    announcement = Property(str, lambda self: self.announcement_text, notify=announcementChanged)
