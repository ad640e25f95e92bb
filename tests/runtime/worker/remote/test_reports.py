"""A large artifact crosses a connection as it was, and one that does not come fails alone."""

from __future__ import annotations

import os
from pathlib import Path

import msgspec

from runtime.messages import ArtifactFailed, ArtifactReady, MediumRead, TextDelta
from runtime.worker.protocol import Memory, TurnEvent
from runtime.worker.remote.files import Arrivals
from runtime.worker.remote.messages import Piece
from runtime.worker.remote.reports import in_pieces, put_together
from runtime.worker.transfer import INLINE_BYTES, FileTransfer

SMALL = ArtifactReady(0, "image", "image/png", ".png", b"png", "{}", 5, "medley.image", 0.5)


def test_a_large_artifact_arrives_as_it_was(tmp_path: Path) -> None:
    there, here = (FileTransfer.make(tmp_path / name) for name in ("there", "here"))
    large = msgspec.structs.replace(SMALL, data=os.urandom(3 * INLINE_BYTES))
    arrivals = Arrivals(here.folder)

    *sent, last = in_pieces(there.pack(7, large), there)

    for piece in sent:
        assert isinstance(piece, Piece) and arrivals.take(piece)
    assert isinstance(last, TurnEvent)
    assert here.unpack(put_together(last, arrivals)) == large
    assert [path.name for folder in (there, here) for path in folder.folder.iterdir()] == [
        "media", "media",
    ]  # fmt: skip


def test_other_reports_cross_in_one_piece_and_paths_as_names(tmp_path: Path) -> None:
    transfer = FileTransfer(tmp_path)

    for report in (Memory(1), TurnEvent(1, TextDelta("a")), TurnEvent(1, SMALL)):
        assert list(in_pieces(report, transfer)) == [report]
    read = TurnEvent(1, MediumRead("/far/away/media/abc.png", ()))
    assert list(in_pieces(read, transfer)) == [TurnEvent(1, MediumRead("abc.png", ()))]


def test_a_file_that_did_not_come_fails_its_artifact(tmp_path: Path) -> None:
    arrivals = Arrivals(tmp_path)

    found = put_together(TurnEvent(1, SMALL, "0" * 32), arrivals)

    assert isinstance(found.event, ArtifactFailed) and not found.file
    assert put_together(TurnEvent(1, TextDelta("a"), "../x"), arrivals).file == ""
