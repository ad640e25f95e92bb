"""Saves an answer while it streams, so that everything the user saw survives whatever happens.

What `text` was given may be shown once it returned a `Changed`: from then on it survives the end of
the process. Within a quarter of a second, and at every artifact and at the end at once, it also
survives a power cut. Writes are spaced so that saving takes about one hundredth of the time: the
slower the disk, the fewer.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from storage import calls
from storage.clock import now_ms
from storage.errors import LibraryError
from storage.file.database import Database, Sync, Write
from storage.medium_bytes import MediumFacts, claim, discard, store_bytes, store_file
from storage.records import CUT, THINKING, Changed, State, ToolPart, ToolState

SHOW_S = 0.03
"""Seconds between two writes of words, at least."""
SYNC_S = 0.25
"""Seconds between two writes that wait for the disk, at least."""
SHARE = 100
"""A write of some seconds is followed by none for that many times as long."""
LONGEST_S = 2.0
"""However slow the disk is, words wait no longer than that."""
_PENDING = "UPDATE parts SET kind = 'pending', text = '', details = NULL"


class _Words(NamedTuple):
    """Words that wait for the next write."""

    text: str
    thinking: bool = False


class AnswerWriter:
    """One streaming answer. Used from one thread at a time; never overtakes its own end."""

    def __init__(
        self,
        database: Database,
        conversation_id: int,
        message_id: int,
        clock: Callable[[], float],
        slots: Mapping[int, int] | None = None,
    ) -> None:
        self.conversation_id = conversation_id
        self.message_id = message_id
        self._database = database
        self._clock = clock
        self._slots = dict(slots or {})
        """Part by index of the artifact."""
        self._waiting: list[_Words] = []
        self._text_part: int | None = None
        self._thinking = False
        """Whether that part holds what the model thinks."""
        self._next_write = self._next_sync = 0.0
        self._ended = False

    def text(self, delta: str) -> Changed | None:
        """Words to append. None while they wait for the next write; they are kept meanwhile.

        Raises:
            LibraryError: the library is full or can not be written; the words are kept, and the
                next call tries again.
        """
        return self._take(_Words(delta))

    def thinking(self, delta: str) -> Changed | None:
        """What the model thinks before its words, to append; as `text` otherwise.

        Raises:
            LibraryError: as for `text`.
        """
        return self._take(_Words(delta, thinking=True))

    def thought(self, seconds: float, *, cut: bool = False) -> Changed:
        """The thinking is over; `cut` if it was made to come to the answer."""

        def end(write: Write) -> None:
            if self._thinking and self._text_part is not None:
                details = {THINKING: round(seconds, 1)} | ({CUT: True} if cut else {})
                write.run(
                    "UPDATE parts SET details = ? WHERE id = ?", (_json(details), self._text_part)
                )
                self._text_part = None

        self._check_open()
        return self._do(end)

    def flush(self) -> Changed | None:
        """Write the words that wait, if any. For a timer, when no more words come."""
        if not self._waiting or self._ended:
            return None
        begin = self._clock()
        sync: Sync = "full" if begin >= self._next_sync else "normal"
        changed = self._do(lambda write: None, sync)
        cost = self._clock() - begin
        self._next_write = begin + cost + min(max(SHOW_S, cost * SHARE), LONGEST_S)
        if sync == "full":
            self._next_sync = begin + min(max(SYNC_S, cost * SHARE), LONGEST_S)
        return changed

    def begin_artifact(self, index: int, modality: str) -> Changed:
        """Write the words so far, and a pending part in the place of an artifact that has begun:
        a new one, or the one that it is made for once more."""

        def add(write: Write) -> None:
            part = self._slot(write, index, modality)
            write.run(f"{_PENDING} WHERE id = ? AND kind = 'failed'", (part,))

        self._check_open()
        return self._do(add)

    def artifact(
        self,
        index: int,
        data: bytes | Path,
        *,
        mime: str,
        modality: str,
        recipe: str | None = None,
        width: int | None = None,
        height: int | None = None,
        duration_s: float | None = None,
        details: Mapping[str, Any] | None = None,
        name: str = "",
    ) -> Changed:
        """A finished artifact, its bytes or the file that holds them, takes its part's place.

        An index that was never begun is added at the end. `name` is that of a file which a tool
        gave.
        """
        self._check_open()
        facts = MediumFacts(mime, modality, width, height, duration_s)
        if isinstance(data, Path):
            stored = store_file(self._database, data, facts)
        else:
            stored = store_bytes(self._database, data, facts)

        def place(write: Write) -> None:
            medium = claim(write, stored)
            recipe_id = None
            if recipe is not None:
                recipe_id = write.insert("INSERT INTO recipes (json) VALUES (?)", (recipe,))
            part = self._slot(write, index, modality)
            write.run(
                "UPDATE parts SET kind = 'medium', text = ?, medium_id = ?, recipe_id = ?, "
                "details = ? WHERE id = ?",
                (name, medium, recipe_id, _json(details), part),
            )
            write.touch("media")

        try:
            return self._do(place)
        except BaseException:
            discard(self._database, stored)
            raise

    def artifact_failed(
        self,
        index: int,
        modality: str,
        reason: str,
        details: Mapping[str, Any] | None = None,
    ) -> Changed:
        """An artifact could not be made: its part says why."""
        self._check_open()

        def fail(write: Write) -> None:
            part = self._slot(write, index, modality)
            write.run(
                "UPDATE parts SET kind = 'failed', text = ?, details = ? WHERE id = ?",
                (reason, _json(details), part),
            )

        return self._do(fail)

    def tool_call(
        self,
        call_id: str,
        server: str,
        tool: str,
        arguments: str,
        state: ToolState = "asking",
        details: Mapping[str, Any] | None = None,
    ) -> Changed:
        """Write the words so far, and behind them a call that the model asked for. `arguments` is
        a JSON object. Words that come later begin anew.

        Raises:
            LibraryError: the call is longer than a library keeps; nothing of it was written.
        """
        part = ToolPart(0, call_id, server, tool, arguments, state, details=dict(details or {}))

        def add(write: Write) -> None:
            calls.add(write, self.message_id, part)
            self._text_part = None

        self._check_open()
        return self._do(add)

    def tool_state(
        self,
        call_id: str,
        state: ToolState,
        result: str = "",
        details: Mapping[str, Any] | None = None,
    ) -> Changed:
        """A call of this answer goes on, or has ended with a result, of which the first
        `calls.LONGEST_RESULT` characters are kept. Details are added to those it has.

        Raises:
            NotFoundError: the answer has no such call.
        """
        self._check_open()
        return self._do(
            lambda write: calls.change(write, self.message_id, call_id, state, result, details)
        )

    def finish(self, details: Mapping[str, Any] | None = None) -> Changed:
        """The answer is complete."""
        return self._end("complete", "", details)

    def stop(self, details: Mapping[str, Any] | None = None) -> Changed:
        """The person stopped it; what came is kept."""
        return self._end("stopped", "", details)

    def fail(self, reason: str, details: Mapping[str, Any] | None = None) -> Changed:
        """It broke off; what came is kept, and `reason` (one sentence) says why."""
        return self._end("failed", reason, details)

    def _end(self, state: State, error: str, details: Mapping[str, Any] | None) -> Changed:
        self._check_open()

        def end(write: Write) -> None:
            end_answer(write, self.message_id, state, error, _json(details))
            write.run(
                "UPDATE conversations SET updated_ms = max(updated_ms, ?) WHERE id = ?",
                (now_ms(), self.conversation_id),
            )
            write.touch("conversations")

        changed = self._do(end)
        self._ended = True
        return changed

    def _do(self, step: Callable[[Write], None], sync: Sync = "full") -> Changed:
        """Write the waiting words and then `step`, together. What fails changes nothing here."""
        slots, text_part, thinking = dict(self._slots), self._text_part, self._thinking
        try:
            with self._database.write(sync) as write:
                self._write_words(write)
                step(write)
                write.touch(
                    "messages", conversations=[self.conversation_id], messages=[self.message_id]
                )
        except BaseException:
            self._slots, self._text_part, self._thinking = slots, text_part, thinking
            raise
        self._waiting = []
        return write.changed

    def _take(self, words: _Words) -> Changed | None:
        self._check_open()
        last = self._waiting[-1] if self._waiting else None
        if last is not None and last.thinking == words.thinking:
            self._waiting[-1] = _Words(last.text + words.text, words.thinking)
        elif words.text:
            self._waiting.append(words)
        if not self._waiting or self._clock() < self._next_write:
            return None
        return self.flush()

    def _write_words(self, write: Write) -> None:
        for text, thinking in self._waiting:
            if self._text_part is None or thinking != self._thinking:
                details = _json({THINKING: None}) if thinking else None
                self._text_part = _add_part(write, self.message_id, "text", details=details)
                self._thinking = thinking
            write.run("UPDATE parts SET text = text || ? WHERE id = ?", (text, self._text_part))

    def _slot(self, write: Write, index: int, modality: str) -> int:
        if index not in self._slots:
            self._slots[index] = _add_part(write, self.message_id, "pending", modality=modality)
            self._text_part = None
        return self._slots[index]

    def _check_open(self) -> None:
        if self._ended:
            raise LibraryError("this answer has ended. Begin another one.")


def end_answer(
    write: Write, message_id: int, state: State, error: str = "", details: str | None = None
) -> None:
    """Close a streaming message within a transaction: what is still pending has failed, calls of
    tools that had not ended are interrupted, and its words can be found from now on."""
    write.run(
        "UPDATE messages SET state = ?, error = ?, details = ? WHERE id = ?",
        (state, error, details, message_id),
    )
    write.run(
        "UPDATE parts SET kind = 'failed' WHERE message_id = ? AND kind = 'pending'", (message_id,)
    )
    calls.close(write, message_id)
    # Those of an answer that went on are in the index already; of its triggers for one step nobody
    # says which runs first.
    write.run(
        "UPDATE parts SET searchable = 1 "
        "WHERE message_id = ? AND NOT searchable AND kind IN ('text', 'medium') "
        f"AND CASE WHEN json_valid(details) THEN json_type(details, '$.{THINKING}') END IS NULL "
        f"AND NOT ({calls.IS_CALL})",
        (message_id,),
    )


def close_interrupted_answers(database: Database) -> Changed:
    """Close the answers that a process left behind when it ended without a word.

    What arrived is kept; the messages become `interrupted`. Called once after opening, by the only
    process that holds the library.
    """
    with database.read() as connection:
        left = connection.execute(
            "SELECT id, conversation_id FROM messages WHERE state = 'streaming'"
        ).fetchall()
    if not left:
        return Changed()
    with database.write() as write:
        for message_id, conversation_id in left:
            end_answer(write, message_id, "interrupted")
            write.touch("messages", conversations=[conversation_id], messages=[message_id])
    return write.changed


def _add_part(
    write: Write,
    message_id: int,
    kind: str,
    modality: str | None = None,
    details: str | None = None,
) -> int:
    return write.insert(
        """
        INSERT INTO parts (message_id, position, kind, modality, details)
        VALUES (?, (SELECT count(*) FROM parts WHERE message_id = ?), ?, ?, ?)
        """,
        (message_id, message_id, kind, modality, details),
    )


def _json(details: Mapping[str, Any] | None) -> str | None:
    return msgspec.json.encode(details).decode("utf-8") if details else None
