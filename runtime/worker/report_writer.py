"""The worker's way out: reports as frames, one at a time, whatever their size. Knows no engine."""

from __future__ import annotations

import threading

import msgspec

from plugins.errors import Problem, phrase
from runtime.messages import ArtifactFailed, ArtifactReady, Event, RenderProgress, TurnFailed
from runtime.process.frames import MAX_FRAME_BYTES, Sink, write_frame
from runtime.worker.protocol import Report, TurnEvent, TurnId, encode
from runtime.worker.transfer import FileTransfer, not_handed

_REASON_CHARACTERS = 2000
"""What is kept of a reason that does not fit into a frame."""


class ParentGone(Exception):  # noqa: N818  (an end, not an error)
    """Nobody reads what the worker says any more."""


class ReportWriter:
    """Sends reports. Any thread."""

    def __init__(self, stream: Sink) -> None:
        self._stream = stream
        self._lock = threading.Lock()
        self._handover: FileTransfer | None = None

    def use(self, handover: FileTransfer) -> None:
        """Where large artifacts are put from now on."""
        self._handover = handover

    def send(self, report: Report) -> None:
        """Send one report.

        Raises:
            ParentGone: nobody reads any more.
            FrameError: it is larger than a frame may be.
        """
        self._send(encode(report))

    def event(self, turn: TurnId, event: Event) -> None:
        """Send an event of a turn; what a plugin made too large is cut or fails its artifact.

        Raises:
            ParentGone: nobody reads any more.
        """
        packed = (
            TurnEvent(turn, event) if self._handover is None else self._handover.pack(turn, event)
        )
        payload = encode(packed)
        if len(payload) > MAX_FRAME_BYTES:
            payload = encode(TurnEvent(turn, _smaller(event)))
        self._send(payload)

    def _send(self, payload: bytes) -> None:
        try:
            with self._lock:
                write_frame(self._stream, payload)
        except OSError as error:
            raise ParentGone from error


def _smaller(event: Event) -> Event:
    if isinstance(event, RenderProgress):
        return msgspec.structs.replace(event, preview=None)
    if isinstance(event, ArtifactReady):
        return not_handed(event, phrase("its recipe is too large. Switch the plugin off."))
    if isinstance(event, ArtifactFailed):
        return msgspec.structs.replace(event, problem=_cut(event.problem))
    if isinstance(event, TurnFailed):
        return TurnFailed(_cut(event.problem))
    return event


def _cut(problem: Problem) -> Problem:
    """The beginning of a sentence that is too long to be sent, in English only."""
    return Problem(str(problem)[:_REASON_CHARACTERS], kind=problem.kind)
