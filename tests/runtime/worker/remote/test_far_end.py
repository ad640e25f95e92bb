"""The far end as ssh starts it: a greeting, and sentences where it cannot go on."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from runtime.process.frames import read_frame, write_frame
from runtime.worker.protocol import Refused, Stop
from runtime.worker.remote.messages import (
    GREETING,
    Beat,
    Hello,
    Piece,
    ToFar,
    ToNear,
    decode_to_near,
    encode,
    hello,
)

LIMIT_S = 120


def spoken_to(folder: Path, *messages: ToFar | bytes) -> tuple[list[ToNear], int, list[Path]]:
    """What a far end says to these messages, its exit code, and what it left behind."""
    process = subprocess.Popen(
        [sys.executable, "-P", "-m", "desktop.cli", "worker", "--stdio"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, env={**_environment(), "TMPDIR": str(folder)}
    )  # fmt: skip
    assert process.stdin is not None and process.stdout is not None
    with process:
        assert process.stdout.readline() == GREETING
        for message in messages:
            if isinstance(message, bytes):
                process.stdin.write(message)
            else:
                write_frame(process.stdin, encode(message))
        process.stdin.close()
        said = []
        while (payload := read_frame(process.stdout)) is not None:
            said.append(decode_to_near(payload))
        return said, process.wait(LIMIT_S), list(folder.glob("medley-engine-*"))


def _environment() -> dict[str, str]:
    return dict(os.environ)


def test_it_greets_with_its_bundles_and_ends_with_its_input(tmp_path: Path) -> None:
    said, code, left = spoken_to(tmp_path, hello(), Beat())

    (first,) = said
    assert isinstance(first, Hello) and first.offered is not None
    assert first.offered.named("pocket") is not None
    assert (code, left) == (0, [])


@pytest.mark.parametrize(
    ("messages", "found"),
    [
        ((msgspec.structs.replace(hello(), medley="0.0"),), "Install the same version on both"),
        ((Beat(),), "found `Beat` before `hello`"),
        ((hello(), Stop(1)), "found `Stop` before `open`"),
        ((hello(), hello()), "found a second `hello`"),
        ((hello(), Piece("../../x", b"", last=True)), "found a file with the name"),
        ((hello(), b"\xff\xff\xff\xff"), "found a frame of 4294967295 bytes"),
    ],
    ids=["another version", "no hello", "no open", "two hellos", "a path", "no frame"],
)
def test_what_cannot_be_is_refused_in_a_sentence(
    tmp_path: Path, messages: tuple[ToFar | bytes, ...], found: str
) -> None:
    said, code, left = spoken_to(tmp_path, *messages)

    assert isinstance(said[-1], Refused) and found in str(said[-1].problem)
    assert (code, left) == (2, [])
