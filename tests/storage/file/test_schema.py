"""A file's schema is compared with the one that the steps make."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from storage.file import schema
from storage.library import Library


@pytest.fixture
def connection(tmp_path: Path) -> sqlite3.Connection:
    path = tmp_path / "library.db"
    Library.open(path).close()
    return sqlite3.connect(path)


def test_a_fresh_library_holds_its_tables(connection: sqlite3.Connection) -> None:
    with connection:
        assert schema.anything(connection)
        assert schema.record_problem(connection) is None
        assert {"conversations", "messages", "media"} <= set(schema.tables(connection))
    connection.close()


def test_an_empty_file_holds_nothing() -> None:
    connection = sqlite3.connect(":memory:")
    assert not schema.anything(connection)
    connection.close()
