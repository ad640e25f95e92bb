"""One key per content, and each file is read once."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from plugins.errors import KnownError
from runtime.observations.content_keys import ContentKeys


def test_the_same_bytes_have_one_key_under_any_name(tmp_path: Path) -> None:
    keys = ContentKeys()
    for name, words in (("a", b"one"), ("b", b"one"), ("c", b"two")):
        (tmp_path / name).write_bytes(words)

    first, same, other = (keys.of(str(tmp_path / name)) for name in "abc")

    assert first == same != other


def test_a_file_that_was_written_since_has_another_key(tmp_path: Path) -> None:
    keys, file = ContentKeys(), tmp_path / "a"
    file.write_bytes(b"one")
    before = keys.of(str(file))
    file.write_bytes(b"three")
    os.utime(file, (1, 1))

    assert keys.of(str(file)) != before


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(KnownError, match="gone"):
        ContentKeys().of(str(tmp_path / "gone.png"))
