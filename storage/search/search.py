"""Finds words: substrings of any language in what was said, in names of files, and in what readers
found in media. Reads only.

Words of three characters and more are looked up in a trigram index. Shorter ones, the commonest in
Chinese, are compared with the newest rows, and then looked up as the begin of trigrams. `newest`
gives the first hits at once; `ranked` weighs all of them and can be cancelled.
"""

from __future__ import annotations

import itertools
import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from storage import limits
from storage.clock import sensible_ms
from storage.conversations import OPENING_SQL, name_of
from storage.file.database import STEPS, Database, heard, text_of, was_interrupted
from storage.reading import ROLES, media_of, one_of
from storage.records import Hit, Query, Role, Titled
from storage.search.media_words import media_with, texts_of
from storage.search.words import (
    Words,
    all_of,
    beginning_with,
    excerpt,
    folded,
    holds,
    occurs,
    spans_in,
    split,
)

_RECENT = 20_000
"""Newest parts that are compared one by one with words too short for the index."""
_FEW = 2_000
"""Messages that are looked at one by one where a query leaves no more."""
_LAST = 2**62

_Row = tuple[int, int, int, str, str, Role, int, str]
"""Part, message and conversation, title and opening, role, time, words."""


class Search:
    """Looks for words in every conversation that was not deleted."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def newest(
        self,
        query: Query,
        *,
        limit: int = 30,
        before: Hit | None = None,
        cancelled: Callable[[], bool] | None = None,
    ) -> list[Hit]:
        """The newest hits, or the next ones after `before`: what was written last comes first.

        A query without words finds every part of the messages that fit the rest of it. When
        `cancelled` says so (it is asked every few milliseconds) the list is empty.
        """
        words = split(query.text)
        below = _LAST if before is None else before.part_id
        with self._database.read() as connection, _cancellable(connection, cancelled) as rows:
            if (few := _few_messages(connection, query)) is not None:
                rows += _among(connection, query, words, few, below, limit)
            elif words.indexed or not words.pairs:
                rows += _newest(connection, query, words, all_of(words.indexed), below, limit)
            else:
                rows += _newest_pairs(connection, query, words, below, limit)
            read = _read_in_media(connection, query, words, below, limit)
            rows[:] = sorted(_once([*rows, *read]), reverse=True)[:limit]
        return self._hits(rows, words)

    def titles(self, text: str, *, limit: int = 30) -> list[Titled]:
        """Conversations whose title contains every word, in any language, ignoring case: equal
        titles first, then titles that begin with the words, then the newest."""
        words = split(text).all
        if not words:
            return []
        with self._database.read() as connection:
            connection.create_function("holds", 1, lambda title: holds(text_of(title), words))
            rows = connection.execute(
                "SELECT id, title, updated_ms FROM conversations "
                "WHERE deleted_ms IS NULL AND title <> '' AND holds(CAST(title AS BLOB)) "
                "ORDER BY updated_ms DESC, id DESC"
            ).fetchall()
        phrase = folded(text)
        rows = [(id_, limits.text(title), updated) for id_, title, updated in rows]
        rows.sort(key=lambda row: (folded(row[1]) != phrase, not folded(row[1]).startswith(phrase)))
        return [_titled(id_, title, updated, words) for id_, title, updated in rows[:limit]]

    def ranked(
        self, query: Query, *, limit: int = 30, cancelled: Callable[[], bool] | None = None
    ) -> list[Hit]:
        """The best hits: rare words and short texts weigh more (BM25), the newest first among
        equals. As `newest` where no word has two characters, or one is in everything."""
        words = split(query.text)
        with self._database.read() as connection, _cancellable(connection, cancelled) as rows:
            match = all_of(words.indexed) or beginning_with(connection, "parts_terms", words.pairs)
            if match is None:
                rows += _newest(connection, query, words, None, _LAST, limit)
            else:
                rows += _found(connection, query, words, match, [], [], "f.rank, p.id DESC", limit)
            read = _read_in_media(connection, query, words, _LAST, limit, ranked=True)
            rows[:] = _once(_in_turn(rows, read))[:limit]
        return self._hits(rows, words)

    def _hits(self, rows: Sequence[_Row], words: Words) -> list[Hit]:
        with self._database.read() as connection:
            media = media_of(connection, {row[1] for row in rows})
        hits = []
        for part, message, conversation, title, opening, role, created, text in rows:
            snippet, spans = excerpt(limits.text(text), words.all)
            name = name_of(title, opening)
            own = tuple(media.get(message, ()))
            made = sensible_ms(created)
            said = one_of(role, ROLES)
            hits.append(Hit(part, message, conversation, name, said, made, snippet, spans, own))
        return hits


def _titled(id_: int, title: str, updated: int, words: Sequence[str]) -> Titled:
    shown = name_of(title, "")
    return Titled(id_, shown, sensible_ms(updated), spans_in(shown, words))


def _few_messages(connection: sqlite3.Connection, query: Query) -> list[int] | None:
    """Ids of the messages that one narrowing of the query leaves, where they are few: then they are
    looked at, rather than every message from the newest on. None otherwise."""
    media = query.modalities if "text" not in query.modalities else ()
    begin = -_LAST if query.since_ms is None else query.since_ms
    end = _LAST if query.until_ms is None else query.until_ms
    narrowings = [
        (
            query.conversation_id is not None,
            "SELECT id FROM messages WHERE conversation_id = ?",
            [query.conversation_id],
        ),
        (
            bool(media),
            "SELECT DISTINCT q.message_id FROM media d CROSS JOIN parts q ON q.medium_id = d.id "
            f"WHERE d.modality IN ({_marks(media)})",
            media,
        ),
        (
            query.since_ms is not None or query.until_ms is not None,
            "SELECT id FROM messages WHERE created_ms >= ? AND created_ms < ?",
            [begin, end],
        ),
    ]
    for wanted, sql, values in narrowings:
        if wanted:
            rows = connection.execute(f"{sql} LIMIT ?", (*values, _FEW + 1)).fetchall()
            if len(rows) <= _FEW:
                return [id_ for (id_,) in rows]
    return None


def _among(
    connection: sqlite3.Connection,
    query: Query,
    words: Words,
    messages: Sequence[int],
    below: int,
    limit: int,
) -> list[_Row]:
    """The newest hits in some messages. Their words are compared one by one: of a frequent word the
    index would be read up to each of them."""
    where = ["p.message_id IN (SELECT value FROM json_each(?))", "p.id < ?"]
    values = [json.dumps(messages), below]
    plain = Words((), words.all)
    return _found(connection, query, plain, None, where, values, "p.id DESC", limit)


def _newest_pairs(
    connection: sqlite3.Connection, query: Query, words: Words, below: int, limit: int
) -> list[_Row]:
    """Hits of words that are too short for the index.

    Frequent ones stand in the newest rows, which are compared one by one; of rare ones the index
    knows the few trigrams that begin with them.
    """
    (last,) = connection.execute("SELECT coalesce(max(id), 0) FROM parts").fetchone()
    middle = max(0, min(below, last + 1) - _RECENT)
    rows = _newest(connection, query, words, None, below, limit, above=middle)
    if len(rows) < limit and middle:
        match = beginning_with(connection, "parts_terms", words.pairs)
        rows += _newest(connection, query, words, match, middle + 1, limit - len(rows))
    return rows


def _newest(
    connection: sqlite3.Connection,
    query: Query,
    words: Words,
    match: str | None,
    below: int,
    limit: int,
    *,
    above: int = 0,
) -> list[_Row]:
    id_ = "p.id" if match is None else "f.rowid"
    where = [f"{id_} < ?", f"{id_} > ?"]
    return _found(connection, query, words, match, where, [below, above], f"{id_} DESC", limit)


def _found(
    connection: sqlite3.Connection,
    query: Query,
    words: Words,
    match: str | None,
    where: list[str],
    values: list[Any],
    order: str,
    limit: int,
) -> list[_Row]:
    # CROSS JOIN keeps the index outermost, so that rows come in its order and only as many as are
    # wanted are looked at.
    source = "parts p" if match is None else "parts_text f CROSS JOIN parts p ON p.id = f.rowid"
    more, their_values = _conditions(query, words, match)
    sql = f"""
        SELECT p.id, m.id, c.id, c.title, {OPENING_SQL}, m.role, m.created_ms, p.text
        FROM {source}
        CROSS JOIN messages m ON m.id = p.message_id
        CROSS JOIN conversations c ON c.id = m.conversation_id
        WHERE {" AND ".join([*where, *more])} ORDER BY {order} LIMIT ?
    """
    return connection.execute(sql, (*values, *their_values, limit)).fetchall()


def _read_in_media(
    connection: sqlite3.Connection,
    query: Query,
    words: Words,
    below: int,
    limit: int,
    *,
    ranked: bool = False,
) -> list[_Row]:
    """Media in which readers found the words, the newest first, or the best ones."""
    places = media_with(connection, words, ranked=ranked)
    if not places:
        return []
    best = sorted(places, key=lambda medium: places[medium].rank) if ranked else list(places)
    where = ["p.medium_id IN (SELECT value FROM json_each(?))", "p.id < ?"]
    order = "p.id DESC"
    values: list[Any] = [json.dumps(best), below]
    if ranked:
        where[0] = "p.medium_id IN (SELECT value FROM json_each(?) LIMIT ?)"
        values[1:1] = [limit]
    rows = _found(connection, query, Words((), ()), None, where, values, order, limit)
    media = dict(
        connection.execute(
            "SELECT id, medium_id FROM parts WHERE id IN (SELECT value FROM json_each(?))",
            (json.dumps([row[0] for row in rows]),),
        )
    )
    texts = texts_of(connection, [places[media[row[0]]] for row in rows])
    found = [(*row[:7], texts[places[media[row[0]]].observation]) for row in rows]
    return sorted(found, key=lambda row: places[media[row[0]]].rank)


def _once(rows: Iterable[_Row]) -> list[_Row]:
    """The first row of every part."""
    seen: dict[int, _Row] = {}
    for row in rows:
        seen.setdefault(row[0], row)
    return list(seen.values())


def _in_turn(some: Sequence[_Row], others: Sequence[_Row]) -> list[_Row]:
    """The best of either, then the second of either, and so on."""
    pairs = itertools.zip_longest(some, others)
    return [row for pair in pairs for row in pair if row is not None]


def _conditions(query: Query, words: Words, match: str | None) -> tuple[list[str], list[Any]]:
    where, values = ["p.searchable", "c.deleted_ms IS NULL"], list[Any]()

    def add(condition: str, *more: Any) -> None:
        where.append(condition)
        values.extend(more)

    if match is not None:
        add("parts_text MATCH ?", match)
    for word in words.short:
        condition, cases = occurs("p.text", word)
        add(condition, *cases)
    if query.roles:
        add(f"m.role IN ({_marks(query.roles)})", *query.roles)
    if query.since_ms is not None:
        add("m.created_ms >= ?", query.since_ms)
    if query.until_ms is not None:
        add("m.created_ms < ?", query.until_ms)
    if query.conversation_id is not None:
        add("c.id = ?", query.conversation_id)
    if query.modalities:
        condition = f"""EXISTS (
            SELECT 1 FROM parts q JOIN media d ON d.id = q.medium_id
            WHERE q.message_id = m.id AND d.modality IN ({_marks(query.modalities)}))"""
        if "text" in query.modalities:
            condition = f"""({condition} OR NOT EXISTS (
                SELECT 1 FROM parts q WHERE q.message_id = m.id AND q.medium_id IS NOT NULL))"""
        add(condition, *query.modalities)
    return where, values


@contextmanager
def _cancellable(
    connection: sqlite3.Connection, cancelled: Callable[[], bool] | None
) -> Iterator[list[_Row]]:
    """A list to fill, which is empty after a search that was cancelled."""
    rows: list[_Row] = []
    connection.set_progress_handler(cancelled or heard, STEPS)
    try:
        yield rows
    except sqlite3.OperationalError as error:
        if cancelled is None or not was_interrupted(error):
            raise
        rows.clear()
    finally:
        connection.set_progress_handler(heard, STEPS)


def _marks(values: Sequence[Any]) -> str:
    return ", ".join("?" * len(values))
