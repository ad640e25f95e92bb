"""Says things in a library, and finds them."""

from __future__ import annotations

from storage.library import Library
from storage.records import Query, Text


def say(library: Library, conversation: int, *texts: str) -> list[int]:
    """One message of a person for each text."""
    return [library.messages.add(conversation, [Text(text)]).id for text in texts]


def found(library: Library, text: str, limit: int = 30, **narrowed: object) -> list[str]:
    """Snippets of the newest hits."""
    query = Query(text=text, **narrowed)  # type: ignore[arg-type]
    return [hit.snippet for hit in library.search.newest(query, limit=limit)]
