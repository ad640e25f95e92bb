"""Files in pieces: whole at the other end, or a sentence."""

from __future__ import annotations

import io
import os
from pathlib import Path

import pytest

from plugins.errors import KnownError
from runtime.worker.remote import files
from runtime.worker.remote.files import PIECE_BYTES, Arrivals, pieces
from runtime.worker.remote.messages import Piece

NAME = "0123456789abcdef" * 2


@pytest.mark.parametrize("size", [0, 1, PIECE_BYTES, PIECE_BYTES + 1, 3 * PIECE_BYTES])
def test_a_file_arrives_as_it_was(tmp_path: Path, size: int) -> None:
    data, arrivals = os.urandom(size), Arrivals(tmp_path)

    sent = list(pieces(f"{NAME}.png", io.BytesIO(data)))

    assert all(arrivals.take(piece) for piece in sent)
    assert [piece.last for piece in sent] == [False] * (len(sent) - 1) + [True]
    assert arrivals.path(f"{NAME}.png").read_bytes() == data


@pytest.mark.parametrize("name", ["../a", "/etc/passwd", "a" * 31, NAME + "/b", NAME + ".pn g", ""])
def test_a_name_that_leads_elsewhere_is_no_name(tmp_path: Path, name: str) -> None:
    with pytest.raises(ValueError, match="a file with the name"):
        Arrivals(tmp_path).take(Piece(name, b"", last=True))

    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_not_whole_is_not_there(tmp_path: Path) -> None:
    arrivals = Arrivals(tmp_path)
    arrivals.take(Piece(NAME, b"half", last=False))

    with pytest.raises(KnownError, match="found none"):
        arrivals.path(NAME)
    with pytest.raises(ValueError, match="within another"):
        arrivals.take(Piece(NAME[::-1], b"", last=True))
    arrivals.drop(NAME)
    assert list(tmp_path.iterdir()) == []
    assert arrivals.take(Piece(NAME, b"whole", last=True))
    assert arrivals.path(NAME).read_bytes() == b"whole"
    with pytest.raises(ValueError, match="again"):
        arrivals.take(Piece(NAME, b"", last=True))


def test_limits_are_kept_with_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "MOST_FILE_BYTES", 10)
    with pytest.raises(KnownError, match="at most 0 MB to be sent"):
        list(pieces(NAME, io.BytesIO(b"x" * 11)))

    arrivals = Arrivals(tmp_path)
    assert arrivals.take(Piece(NAME, b"x" * 8, last=False))
    assert not arrivals.take(Piece(NAME, b"x" * 8, last=False))
    # It is told once; what still comes of it is let go.
    assert arrivals.take(Piece(NAME, b"x", last=True))
    with pytest.raises(KnownError, match="could not be kept on the other computer: expected a"):
        arrivals.path(NAME)
    assert list(tmp_path.iterdir()) == []
    monkeypatch.setattr(files, "MOST_BYTES", 5)
    assert not arrivals.take(Piece(NAME, b"x" * 8, last=True))
    with pytest.raises(KnownError, match="Restart the engine"):
        arrivals.path(NAME)


def test_a_full_disk_is_said_and_space_counts_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    arrivals = Arrivals(tmp_path)
    with monkeypatch.context() as patch:
        patch.setattr(files, "SPARE_BYTES", 2**60)
        assert not arrivals.take(Piece(NAME, b"x", last=True))
    with pytest.raises(KnownError, match="nearly full"):
        arrivals.path(NAME)

    assert arrivals.take(Piece(NAME, b"x", last=True))
    arrivals.forget(NAME)
    with pytest.raises(KnownError, match="found none"):
        arrivals.path(NAME)
