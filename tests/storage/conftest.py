"""A library in a file of its own for every test, and a conversation to fill."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from storage.library import Library
from storage.records import Changed
from tests.storage.file.making_versions import fill


@pytest.fixture
def library_path(tmp_path: Path) -> Path:
    """Where the test's library is."""
    return tmp_path / "data" / "library.db"


@pytest.fixture
def library(library_path: Path) -> Iterator[Library]:
    """An empty library, which passes its check when the test has ended."""
    with Library.open(library_path) as opened:
        yield opened
        assert opened.check().problems == ()


@pytest.fixture
def conversation(library: Library) -> int:
    """An empty conversation."""
    return library.conversations.new().id


@pytest.fixture
def heard(library: Library) -> list[Changed]:
    """Everything that the library's listeners were told since the test began."""
    told: list[Changed] = []
    library.on_change(told.append)
    return told


@pytest.fixture
def boats(library: Library) -> int:
    """A conversation with branches, media and recipes."""
    fill(library)
    conversation = library.conversations.list()[0].id
    answer = library.messages.begin_answer(library.messages.path(conversation)[-1].id)
    answer.text("and now it breaks off")
    answer.begin_artifact(0, "video")
    answer.fail("The engine broke off.")
    return conversation


@pytest.fixture
def other(tmp_path: Path) -> Iterator[Library]:
    """Another, empty library."""
    with Library.open(tmp_path / "other.db") as opened:
        yield opened
        assert opened.check().problems == ()


@pytest.fixture
def package(library: Library, boats: int, tmp_path: Path) -> Path:
    """The conversation in a folder."""
    return library.exchange.export(boats, tmp_path / "package")
