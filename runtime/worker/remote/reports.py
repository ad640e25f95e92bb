"""Reports of a worker as they cross a connection: large artifacts in pieces before the event that
brings them. Knows reports, pieces and the private folders of both ends; knows no connection."""

from __future__ import annotations

import io
import os
import secrets
from collections.abc import Iterator

import msgspec

from plugins.errors import KnownError
from runtime.messages import ArtifactReady, MediumRead, Reading
from runtime.worker.protocol import Report, TurnEvent
from runtime.worker.remote.files import Arrivals, pieces
from runtime.worker.remote.messages import Piece
from runtime.worker.transfer import INLINE_BYTES, FileTransfer, not_handed


def in_pieces(report: Report, transfer: FileTransfer) -> Iterator[Piece | Report]:
    """What the far end sends of a report; paths become the names under which the files came."""
    if not isinstance(report, TurnEvent):
        yield report
        return
    event, name = transfer.unpack(report), ""
    if isinstance(event, Reading | MediumRead):
        event = msgspec.structs.replace(event, path=os.path.basename(event.path))
    elif isinstance(event, ArtifactReady) and len(event.data) > INLINE_BYTES:
        name = secrets.token_hex(16)
        yield from pieces(name, io.BytesIO(event.data))
        event = msgspec.structs.replace(event, data=b"")
    yield TurnEvent(report.id, event, name)


def put_together(report: TurnEvent, arrivals: Arrivals) -> TurnEvent:
    """The report for whoever takes its file from the folder of `arrivals`; one whose file did not
    come whole fails its artifact."""
    event = report.event
    if not report.file or not isinstance(event, ArtifactReady):
        return TurnEvent(report.id, event)
    try:
        arrivals.path(report.file)
    except KnownError as error:
        return TurnEvent(report.id, not_handed(event, error.problem))
    arrivals.forget(report.file)
    return report
