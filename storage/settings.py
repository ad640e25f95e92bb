"""Settings: values by key, stored as JSON in the library."""

from __future__ import annotations

from typing import Any, TypeVar, overload

import msgspec

from storage.file.database import Database
from storage.records import Changed

T = TypeVar("T")


class Settings:
    """Values by key. What is no JSON can not be kept."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def put(self, key: str, value: Any) -> Changed:
        """Keep a value: anything that msgspec can write as JSON, structs among it."""
        json = msgspec.json.encode(value).decode("utf-8")
        with self._database.write() as write:
            write.run("INSERT OR REPLACE INTO settings (key, json) VALUES (?, ?)", (key, json))
            write.touch("settings")
        return write.changed

    @overload
    def get(self, key: str) -> Any: ...
    @overload
    def get(self, key: str, default: T, type_: type[T]) -> T: ...

    def get(self, key: str, default: Any = None, type_: Any = Any) -> Any:
        """A value, checked to be of `type_`; the default where it is missing or of another type."""
        with self._database.read() as connection:
            row = connection.execute("SELECT json FROM settings WHERE key = ?", (key,)).fetchone()
        if row is None:
            return default
        try:
            return msgspec.json.decode(row[0], type=type_)
        except (msgspec.MsgspecError, TypeError, RecursionError):
            return default

    def forget(self, key: str) -> Changed:
        """Take a value away; one that is not there does no harm."""
        with self._database.write() as write:
            write.run("DELETE FROM settings WHERE key = ?", (key,))
            write.touch("settings")
        return write.changed
