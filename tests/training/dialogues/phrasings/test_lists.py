"""Lists of phrasings as they lie in their files."""

from __future__ import annotations

from pathlib import Path

import pytest

from training.dialogues.phrasings.lists import FOLDER, read_list


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.txt")), ids=lambda path: path.name)
def test_every_list_has_kinds_with_phrasings_and_none_twice_in_a_kind(path: Path) -> None:
    name, language, _ = path.name.rsplit(".", 2)

    found = read_list(name, language)

    assert found
    for kind, phrases in found.items():
        assert kind and phrases, kind
        assert len(set(phrases)) == len(phrases), kind
        assert not any(phrase.startswith(("#", "[")) for phrase in phrases)
