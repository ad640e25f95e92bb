"""What is too large for a frame goes through a private folder and leaves nothing behind."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from plugins.errors import KnownError
from runtime.messages import ArtifactFailed, ArtifactReady, TextDelta
from runtime.worker.protocol import TurnEvent
from runtime.worker.transfer import INLINE_BYTES, FileTransfer


def clip(size: int) -> ArtifactReady:
    data = os.urandom(size)
    return ArtifactReady(3, "video", "video/mp4", ".mp4", data, "{}", 5, "medley.video", 0.5)


@pytest.fixture
def handover(tmp_path: Path) -> FileTransfer:
    return FileTransfer.make(tmp_path)


def test_a_large_artifact_goes_through_a_file_that_is_gone_afterwards(
    handover: FileTransfer,
) -> None:
    event = clip(INLINE_BYTES + 1)

    report = handover.pack(7, event)

    assert isinstance(report.event, ArtifactReady) and report.event.data == b""
    assert (handover.folder / report.file).stat().st_size == INLINE_BYTES + 1
    assert FileTransfer(handover.folder).unpack(report) == event
    assert not (handover.folder / report.file).exists()


@pytest.mark.parametrize("event", [clip(INLINE_BYTES), TextDelta("boat")])
def test_everything_else_stays_in_its_frame(
    handover: FileTransfer, event: ArtifactReady | TextDelta
) -> None:
    report = handover.pack(7, event)

    assert report == TurnEvent(7, event)
    assert handover.unpack(report) is event


def test_an_artifact_that_finds_no_room_fails_alone(handover: FileTransfer) -> None:
    handover.remove()

    report = handover.pack(7, clip(INLINE_BYTES + 1))

    assert isinstance(report.event, ArtifactFailed)
    assert report.event.index == 3
    assert "could not be handed over: No such file" in str(report.event.problem)


@pytest.mark.parametrize("name", ["../secret", "secret", "0" * 32, ""])
def test_only_files_that_were_handed_over_are_taken(
    handover: FileTransfer, tmp_path: Path, name: str
) -> None:
    secret = tmp_path / "secret"
    secret.write_bytes(b"secret")
    (handover.folder / "secret").write_bytes(b"secret")

    with pytest.raises(FileNotFoundError):
        handover.take(name)
    event = handover.unpack(TurnEvent(7, clip(0), name or "x"))

    assert isinstance(event, ArtifactFailed)
    assert secret.exists()


def test_nobody_else_may_look_into_the_folder_and_it_is_removed_whole(
    handover: FileTransfer,
) -> None:
    (handover.media / "a.png").write_bytes(b"png")
    assert handover.folder.stat().st_mode & 0o077 == 0

    handover.remove()
    handover.remove()

    assert not handover.folder.exists()


def test_folders_of_killed_processes_are_removed_and_those_of_living_ones_stay(
    handover: FileTransfer, tmp_path: Path
) -> None:
    made = "from runtime.worker.transfer import *; print(FileTransfer.make(Path('.')).folder.name)"
    command = [sys.executable, "-c", made]
    left = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True)
    assert (tmp_path / left.stdout.strip()).is_dir()

    another = FileTransfer.make(tmp_path)

    assert {path.name for path in tmp_path.iterdir()} == {
        handover.folder.name,
        another.folder.name,
    }


def test_no_place_for_the_folder_is_an_error_that_says_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")

    with pytest.raises(KnownError, match=r"file.*can be written to, found: .*set TMPDIR"):
        FileTransfer.make(tmp_path / "file")
