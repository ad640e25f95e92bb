"""Embeddings of media and words, and similarity search. Computes no embedding itself.

Vectors of one model share one space and one length; they are kept at unit length as little-endian
float32. The search is exact: it compares with every vector, some thousand at a time.
"""

from __future__ import annotations

import itertools
import sqlite3
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from storage import limits
from storage.clock import sensible_ms
from storage.conversations import OPENING_SQL, name_of
from storage.errors import LibraryError, NotFoundError
from storage.file.database import Database
from storage.medium_bytes import medium_id
from storage.reading import MEDIUM_COLUMNS, medium
from storage.records import Changed, Match, Medium

_AT_ONCE = 4096


class Embeddings:
    """Vectors by model, of media and of parts that hold words. D is a model's length."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def put_medium(self, sha256: str, model: str, vector: ArrayLike) -> Changed:
        """Keep what a medium means to a model: [D] numbers, of any length but zero.

        Raises:
            NotFoundError: the medium is not in the library.
            LibraryError: the vector is not finite, is zero, or no vector.
        """
        data = _unit(vector).tobytes()
        with self._database.write() as write:
            id_, _ = medium_id(write, sha256)
            write.run(
                "INSERT OR REPLACE INTO embeddings (model, medium_id, vector) VALUES (?, ?, ?)",
                (model, id_, data),
            )
            write.touch("embeddings")
        return write.changed

    def put_part(self, part_id: int, model: str, vector: ArrayLike) -> Changed:
        """Keep what the words of a part mean to a model: [D] numbers."""
        data = _unit(vector).tobytes()
        with self._database.write() as write:
            if write.run("SELECT 1 FROM parts WHERE id = ?", (part_id,)).fetchone() is None:
                raise NotFoundError("there is no part {part_id} in the library.", part_id=part_id)
            write.run(
                "INSERT OR REPLACE INTO embeddings (model, part_id, vector) VALUES (?, ?, ?)",
                (model, part_id, data),
            )
            write.touch("embeddings")
        return write.changed

    def medium_vector(self, sha256: str, model: str) -> NDArray[np.float32] | None:
        """[D] at unit length; None where the medium has none for this model."""
        with self._database.read() as connection:
            row = connection.execute(
                "SELECT e.vector FROM embeddings e JOIN media d ON d.id = e.medium_id "
                "WHERE d.sha256 = ? AND e.model = ?",
                (sha256, model),
            ).fetchone()
        if row is None or not _is_vector(row[0]):
            return None
        return np.frombuffer(row[0], dtype="<f4").astype(np.float32)

    def missing(self, model: str, modalities: Sequence[str], limit: int = 100) -> list[Medium]:
        """Media in use that have no vector for this model yet, the newest first."""
        with self._database.read() as connection:
            rows = connection.execute(
                f"""
                SELECT {MEDIUM_COLUMNS} FROM media d
                WHERE d.modality IN ({", ".join("?" * len(modalities))})
                AND EXISTS (SELECT 1 FROM parts p WHERE p.medium_id = d.id)
                AND NOT EXISTS (
                    SELECT 1 FROM embeddings e WHERE e.medium_id = d.id AND e.model = ?)
                ORDER BY d.id DESC LIMIT ?
                """,
                (*modalities, model, limit),
            )
            return [medium(row) for row in rows if limits.is_sha256(row[0])]

    def similar(
        self,
        vector: ArrayLike,
        model: str,
        *,
        modalities: Sequence[str] | None = None,
        limit: int = 20,
    ) -> list[Match]:
        """The parts most similar to `vector` [D] in conversations that are not deleted, best first.

        `modalities` narrows it; `text` stands for the words of parts. Each medium comes once, with
        the newest message that holds it.

        Raises:
            LibraryError: the vector is zero, not finite, or of another length than the model's.
        """
        wanted = _unit(vector)
        with self._database.read() as connection:
            ids, scores = _scores(connection, wanted, model, modalities)
            matches = (
                match
                for i in np.argsort(-scores, kind="stable")
                if (match := _match(connection, ids[i], float(scores[i]))) is not None
            )
            return list(itertools.islice(matches, limit))


def _unit(vector: ArrayLike) -> NDArray[np.float32]:
    array = np.asarray(vector, dtype=np.float32)
    norm = float(np.linalg.norm(array)) if array.ndim == 1 and array.size else 0.0
    if not np.isfinite(norm) or norm == 0.0:
        raise LibraryError(
            "expected one vector of finite numbers that are not all zero, found shape "
            "{array_shape} of length {norm:g}. Compute it again.",
            array_shape=array.shape,
            norm=norm,
        )
    return (array / norm).astype("<f4")


def _is_vector(data: Any) -> bool:
    return isinstance(data, bytes) and len(data) % 4 == 0 and len(data) > 0


def _scores(
    connection: sqlite3.Connection,
    wanted: NDArray[np.float32],
    model: str,
    modalities: Sequence[str] | None,
) -> tuple[list[int], NDArray[np.float32]]:
    """Ids of the N vectors to compare with, and [N] scores."""
    where, values = "", list(modalities or ())
    if modalities is not None:
        words = "OR e.part_id IS NOT NULL" if "text" in values else ""
        where = f"AND (d.modality IN ({', '.join('?' * len(values))}) {words})"
    rows = connection.execute(
        f"SELECT e.id, e.vector FROM embeddings e LEFT JOIN media d ON d.id = e.medium_id "
        f"WHERE e.model = ? {where}",
        (model, *values),
    )
    ids: list[int] = []
    scores: list[NDArray[np.float32]] = []
    while read := rows.fetchmany(_AT_ONCE):
        some = [(id_, data) for id_, data in read if _is_vector(data)]
        if odd := {len(data) // 4 for _, data in some} - {wanted.size}:
            raise LibraryError(
                "vectors of {model} have length {length}, the one to compare with has length "
                "{wanted_size}. Compute it with the same model.",
                model=repr(model),
                length=odd.pop(),
                wanted_size=wanted.size,
            )
        ids += [id_ for id_, _ in some]
        matrix = np.frombuffer(b"".join(data for _, data in some), dtype="<f4")
        found = matrix.reshape(len(some), wanted.size) @ wanted  # [n, D] @ [D] -> [n]
        scores.append(np.nan_to_num(found, nan=-1.0))
    return ids, np.concatenate(scores) if scores else np.empty(0, np.float32)


def _match(connection: sqlite3.Connection, embedding: int, score: float) -> Match | None:
    """The newest message that holds what was found; None where all were deleted."""
    row = connection.execute(
        f"""
        SELECT p.id, m.id, c.id, c.title, {OPENING_SQL}, m.created_ms, p.text, {MEDIUM_COLUMNS}
        FROM embeddings e
        JOIN parts p ON p.id = e.part_id OR p.medium_id = e.medium_id
        JOIN messages m ON m.id = p.message_id
        JOIN conversations c ON c.id = m.conversation_id
        LEFT JOIN media d ON d.id = e.medium_id
        WHERE e.id = ? AND c.deleted_ms IS NULL ORDER BY p.id DESC LIMIT 1
        """,
        (embedding,),
    ).fetchone()
    if row is None:
        return None
    part, message, conversation, title, opening, created, text, *columns = row
    name = name_of(title, opening)
    own = medium(columns) if limits.is_sha256(columns[0]) else None
    words, made = "" if own else text, sensible_ms(created)
    return Match(score, part, message, conversation, name, made, own, limits.text(words))
