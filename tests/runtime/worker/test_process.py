"""The worker as its parent meets it: two pipes and an exit code."""

from __future__ import annotations

import struct
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from runtime.bundle.bundle import Bundle
from runtime.messages import Message, RenderProgress, SignalStarted, TextPart, Turn
from runtime.process.frames import read_frame, write_frame
from runtime.worker.process import EXIT_OK, EXIT_REFUSED
from runtime.worker.protocol import (
    Ask,
    Command,
    Loading,
    Memory,
    Open,
    Refused,
    Report,
    Stop,
    TurnEvent,
    decode_report,
    encode,
)

TIMEOUT_S = 120
TURN = Turn(
    (Message("user", (TextPart("draw a boat"),)),),
    allowed=("image",),
    parameters={"image": {"steps": 500}},
)
Start = Callable[[], subprocess.Popen[bytes]]


@pytest.fixture
def start() -> Iterator[Start]:
    """Starts workers; whatever is left of them is ended."""
    started: list[subprocess.Popen[bytes]] = []

    def run() -> subprocess.Popen[bytes]:
        process = subprocess.Popen(
            [sys.executable, "-P", "-m", "runtime.worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        started.append(process)
        return process

    yield run
    for process in started:
        with process:
            process.kill()


def frame(command: Command) -> bytes:
    payload = encode(command)
    return struct.pack(">I", len(payload)) + payload


def reports(process: subprocess.Popen[bytes]) -> Iterator[Report]:
    assert process.stdout is not None
    while (payload := read_frame(process.stdout)) is not None:
        yield decode_report(payload)


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        (b"\xff\xff\xff\xff", "found a frame of 4294967295 bytes"),
        (b"\0\0\0\x09short", "found a frame cut off after 5 of 9 bytes"),
        (b"\0\0\0\x04\x80\x03cos", "expected a command, found"),
        (frame(Stop(1)), "found `Stop` before `open`"),
    ],
)
def test_bytes_that_are_no_command_end_it_with_a_reason(
    start: Start, sent: bytes, said: str
) -> None:
    process = start()

    out, _ = process.communicate(sent, timeout=TIMEOUT_S)

    last = decode_report(out[4:])
    assert isinstance(last, Refused)
    assert said in str(last.problem)
    assert process.returncode == EXIT_REFUSED


def test_a_bundle_that_is_not_there_ends_it_with_the_known_ones(
    start: Start, tmp_path: Path
) -> None:
    process = start()
    assert process.stdin is not None
    write_frame(process.stdin, encode(Open("pokcet", str(tmp_path))))

    said = list(reports(process))

    assert said[0] == Loading("bundle", 1, 3)
    assert isinstance(said[-1], Refused)
    assert "no bundle 'pokcet'" in str(said[-1].problem)
    assert process.wait(TIMEOUT_S) == EXIT_REFUSED


def test_the_end_of_its_commands_ends_it_even_in_the_middle_of_a_rendering(
    start: Start, tiny_bundle: Bundle, tmp_path: Path
) -> None:
    process = start()
    assert process.stdin is not None
    write_frame(
        process.stdin, encode(Open(str(tiny_bundle.folder), str(tmp_path), "cpu", threads=1))
    )
    write_frame(process.stdin, encode(Ask(1, TURN)))
    events = (report.event for report in reports(process) if isinstance(report, TurnEvent))
    begun = next(event for event in events if not isinstance(event, SignalStarted))
    assert begun == RenderProgress(0, "image", 0, 500)

    process.stdin.close()

    assert process.wait(TIMEOUT_S) == EXIT_OK
    assert all(isinstance(event, SignalStarted | RenderProgress) for event in events)


def test_what_libraries_print_does_not_get_between_its_reports() -> None:
    code = (
        "import os, sys; from runtime.process.pipes import take_pipes\n"
        "from runtime.worker.protocol import Memory\n"
        "from runtime.worker.report_writer import ReportWriter\n"
        "commands, reports = take_pipes(); outlet = ReportWriter(reports)\n"
        "print('from Python', flush=True); os.system('echo from a process')\n"
        "os.write(1, b'from C\\n'); outlet.send(Memory(7))\n"
        "print(sys.stdin.read() == '' and commands.read(2))"
    )

    ran = subprocess.run(
        [sys.executable, "-c", code], input=b"ab", capture_output=True, timeout=TIMEOUT_S
    )

    assert decode_report(ran.stdout[4:]) == Memory(7)
    assert ran.stderr.decode().splitlines() == [
        "from Python",
        "from a process",
        "from C",
        "b'ab'",
    ]


def test_starting_it_brings_no_heavy_library_before_it_is_opened() -> None:
    heavy = "{'torch', 'llama_cpp', 'diffusers', 'transformers'}"
    code = f"import sys, runtime.worker.process; print({heavy} & set(sys.modules))"

    printed = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)

    assert printed.stdout.strip() == "set()", printed.stderr
