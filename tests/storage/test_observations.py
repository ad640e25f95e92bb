"""Observations of a medium are replaced as a whole and come back in order."""

from __future__ import annotations

import pytest

from storage.errors import LibraryError
from storage.library import Library
from storage.observations import LONGEST_NOTE
from storage.records import Observation

FOUND = [
    Observation("speech", "one", 0.5, 0.0, 1.0, source="ears"),
    Observation("text", "two", None, None, None, (0.0, 0.1, 0.2, 0.3), "page 1"),
]


def medium(library: Library) -> str:
    return library.media.add_bytes(b"png", mime="image/png", modality="image").sha256


def test_they_come_back_in_order_and_are_replaced_as_a_whole(library: Library) -> None:
    sha = medium(library)
    library.media.set_observations(sha, FOUND)
    assert list(library.media.observations(sha)) == FOUND

    library.media.set_observations(sha, FOUND[1:])

    assert list(library.media.observations(sha)) == FOUND[1:]


def test_too_long_a_note_is_refused_and_the_former_stay(library: Library) -> None:
    sha = medium(library)
    library.media.set_observations(sha, FOUND)

    with pytest.raises(LibraryError, match="expected at most"):
        library.media.set_observations(
            sha, [Observation("text", "x", place="p" * (LONGEST_NOTE + 1))]
        )
    assert list(library.media.observations(sha)) == FOUND
