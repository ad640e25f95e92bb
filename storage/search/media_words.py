"""Finds media by the words that readers found in them: every word somewhere in the medium, each in
any of its observations. Reads only."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from storage.search.words import INDEXED, Words, all_of, beginning_with, length, occurs


class Place(NamedTuple):
    """The place in a medium where the first of the words occurs."""

    observation: int
    """Its id."""
    rank: float
    """The rank of the medium, if ranking was asked for; lower is better."""


def media_with(
    connection: sqlite3.Connection, words: Words, *, ranked: bool = False
) -> dict[int, Place]:
    """The media in which every word occurs, by their ids; none where there are no words."""
    found: dict[int, Place] | None = None
    for word in words.all:
        there = _media_with(connection, word, None if found is None else found.keys(), ranked)
        if found is None:
            found = there
        else:
            found = {
                id_: Place(place.observation, place.rank + there[id_].rank)
                for id_, place in found.items()
                if id_ in there
            }
        if not found:
            break
    return found or {}


def texts_of(connection: sqlite3.Connection, places: Iterable[Place]) -> Mapping[int, str]:
    """The texts at the places, by the observations' ids."""
    ids = json.dumps([place.observation for place in places])
    return dict(
        connection.execute(
            "SELECT id, text FROM observations WHERE id IN (SELECT value FROM json_each(?))",
            (ids,),
        )
    )


def _media_with(
    connection: sqlite3.Connection, word: str, among: Iterable[int] | None, ranked: bool
) -> dict[int, Place]:
    """Media with one word. One that the index does not know is compared with every observation, of
    some media only where those of longer words are known."""
    match = all_of([word]) if length(word) >= INDEXED else None
    if length(word) == 2:
        match = beginning_with(connection, "observations_terms", [word])
    if match is not None:
        rank = "min(f.rank)" if ranked else "0.0"
        rows = connection.execute(
            f"SELECT o.medium_id, min(o.id), {rank} FROM observations_text f "
            "CROSS JOIN observations o ON o.id = f.rowid "
            "WHERE observations_text MATCH ? GROUP BY o.medium_id",
            (match,),
        )
    else:
        condition, values = occurs("o.text", word)
        if among is not None:
            condition += " AND o.medium_id IN (SELECT value FROM json_each(?))"
            values.append(json.dumps(list(among)))
        rows = connection.execute(
            f"SELECT o.medium_id, min(o.id), 0.0 FROM observations o WHERE {condition} "
            "GROUP BY o.medium_id",
            values,
        )
    return {medium: Place(observation, rank) for medium, observation, rank in rows}
