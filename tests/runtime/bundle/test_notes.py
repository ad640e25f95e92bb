"""Notes are written as a whole, or not at all."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from runtime.bundle.links import Note
from runtime.bundle.notes import write_note


def test_a_note_takes_the_place_of_the_former(tmp_path: Path) -> None:
    path = tmp_path / "notes" / "mine.toml"
    write_note(path, Note("/a", {}))
    write_note(path, Note("/b", {"llm.gguf": "/c"}))

    assert tomllib.loads(path.read_text()) == {"folder": "/b", "links": {"llm.gguf": "/c"}}
    assert list(path.parent.iterdir()) == [path]


def test_one_that_cannot_be_written_leaves_nothing(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.mkdir()

    with pytest.raises(OSError, match="mine"):
        write_note(path, Note("/a", {}))

    assert list(tmp_path.iterdir()) == [path]
