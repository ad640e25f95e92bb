"""The worker's way out: reports as frames, one at a time, whatever their size. Knows no engine."""

from __future__ import annotations

import msgspec

from plugins.errors import Problem, phrase
from runtime.messages import ArtifactFailed, ArtifactReady, Event, RenderProgress, TurnFailed
from runtime.process.frames import MAX_FRAME_BYTES, Sink
from runtime.process.pipes import ReportSender
from runtime.worker.protocol import Report, TurnEvent, TurnId, encode
from runtime.worker.transfer import FileTransfer, not_handed

_REASON_CHARACTERS = 2000
"""What is kept of a reason that does not fit into a frame."""


class ReportWriter(ReportSender[Report]):
    """Sends reports. Any thread."""

    def __init__(self, stream: Sink) -> None:
        super().__init__(stream, encode)
        self._handover: FileTransfer | None = None

    def use(self, handover: FileTransfer) -> None:
        """Where large artifacts are put from now on."""
        self._handover = handover

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
        self.send_frame(payload)


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
