"""Whatever a plugin makes fits into frames, or says that it does not."""

from __future__ import annotations

import io
from pathlib import Path

import msgspec
import pytest

from plugins.errors import Problem
from runtime.messages import ArtifactFailed, ArtifactReady, Event, RenderProgress, TurnFailed
from runtime.process.frames import MAX_FRAME_BYTES, read_frame
from runtime.process.pipes import ParentGone
from runtime.worker.protocol import TurnEvent, TurnStarted, decode_report
from runtime.worker.report_writer import ReportWriter
from runtime.worker.transfer import FileTransfer

SOUND = ArtifactReady(1, "audio", "audio/wav", ".wav", b"RIFF", "{}", 5, "medley.audio", 0.5)
HUGE = "x" * (MAX_FRAME_BYTES + 1)


def sent(event: Event, folder: Path) -> Event:
    stream = io.BytesIO()
    outlet = ReportWriter(stream)
    outlet.use(FileTransfer.make(folder))
    outlet.event(7, event)
    stream.seek(0)
    report = decode_report(read_frame(stream) or b"")
    assert isinstance(report, TurnEvent)
    assert read_frame(stream) is None
    return FileTransfer(next(folder.iterdir())).unpack(report)


def test_an_artifact_larger_than_a_frame_arrives_whole(tmp_path: Path) -> None:
    event = msgspec.structs.replace(SOUND, data=bytes(MAX_FRAME_BYTES * 2))

    assert sent(event, tmp_path) == event


def test_a_preview_that_is_too_large_is_left_out(tmp_path: Path) -> None:
    event = RenderProgress(1, "audio", 2, 3, HUGE.encode())

    assert sent(event, tmp_path) == RenderProgress(1, "audio", 2, 3)


def test_a_recipe_that_is_too_large_fails_its_artifact(tmp_path: Path) -> None:
    event = sent(msgspec.structs.replace(SOUND, recipe=HUGE), tmp_path)

    assert isinstance(event, ArtifactFailed)
    assert "its recipe is too large" in str(event.problem)


TOO_LONG = Problem("{what}", {"what": HUGE})


@pytest.mark.parametrize("event", [ArtifactFailed(1, "audio", TOO_LONG), TurnFailed(TOO_LONG)])
def test_a_reason_that_is_too_large_is_cut(tmp_path: Path, event: Event) -> None:
    found = sent(event, tmp_path)

    assert type(found) is type(event)
    assert "xxx" in str(found) and len(str(found)) < 3000


def test_a_parent_that_reads_no_more_is_noticed(tmp_path: Path) -> None:
    with (tmp_path / "file").open("wb") as file, open(file.name, "rb") as unwritable:
        outlet = ReportWriter(unwritable)  # type: ignore[arg-type]

        with pytest.raises(ParentGone):
            outlet.send(TurnStarted(1))
