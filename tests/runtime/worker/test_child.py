"""A child process is held whatever it does: it prints, dies, hangs or does not start."""

from __future__ import annotations

import os
import signal
import sys
import time

import pytest

from plugins.errors import KnownError
from runtime.process import child as child_module
from runtime.process.child import KEPT_LINES, LINE_BYTES
from runtime.process.own_program import PROCESS_ARGUMENT
from runtime.worker.child import Ended, WorkerProcess
from runtime.worker.protocol import Refused, Stop, TurnStarted, encode
from tests.runtime.worker.watching import gone_soon

FRAME = "import sys; from runtime.process.frames import *; from runtime.worker.protocol import *; "


def python(code: str) -> WorkerProcess:
    return WorkerProcess([sys.executable, "-c", code])


def test_reports_come_until_it_ends_and_the_reason_holds_its_exit_code_and_last_line() -> None:
    process = python(
        FRAME + "write_frame(sys.stdout.buffer, encode(TurnStarted(5))); sys.exit('first\\nlast')"
    )

    assert list(process.reports()) == [TurnStarted(5)]
    assert str(process.ended().why()) == (
        "the engine's process was ended with exit code 1; its last words: last. "
        "Ask again: it starts anew."
    )
    assert process.last_words == ("first", "last")


def test_commands_reach_it() -> None:
    process = python(
        FRAME + "stop = decode_command(read_frame(sys.stdin.buffer)); "
        "write_frame(sys.stdout.buffer, encode(TurnStarted(stop.id)))"
    )

    process.send(encode(Stop(9)))

    assert list(process.reports()) == [TurnStarted(9)]
    assert process.ended().code == 0


def test_a_process_that_prints_something_else_is_not_believed() -> None:
    process = python("print('Hello from a library')")

    with pytest.raises(KnownError, match="expected a report, found a frame of 1214606444 bytes"):
        list(process.reports())

    process.bury()


def test_one_that_dies_while_it_speaks_is_told_by_its_end() -> None:
    process = python("import sys; print('\\0\\0\\1\\0cut', flush=True); sys.exit(7)")

    assert list(process.reports()) == []
    assert process.ended().code == 7


CHILD = """
import subprocess, sys, time
child = subprocess.Popen(
    [sys.executable, "-c", "import time; time.sleep(1000)"], start_new_session={session}
)
print(child.pid, file=sys.stderr, flush=True)
"""


@pytest.mark.parametrize("leaves_the_session", [False, True])
def test_the_end_is_heard_although_a_child_of_it_holds_its_pipes(
    leaves_the_session: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(child_module, "DRAIN_S", 0.2)
    process = python(CHILD.format(session=leaves_the_session) + "sys.exit(3)")

    assert list(process.reports()) == []
    assert process.ended().code == 3
    child = int(process.last_words[0])
    if leaves_the_session:
        os.kill(child, signal.SIGKILL)
    assert gone_soon(child)


def test_a_fork_that_holds_every_pipe_is_ended_with_it() -> None:
    process = python(
        "import os, sys, time\n"
        "if not (child := os.fork()): time.sleep(1000)\n"
        "print(child, file=sys.stderr, flush=True); os._exit(5)"
    )

    assert list(process.reports()) == []
    assert process.ended().code == 5
    assert gone_soon(int(process.last_words[0]))


def test_killing_it_ends_what_it_started() -> None:
    process = python(CHILD.format(session=False) + "time.sleep(1000)")
    while not process.last_words:
        time.sleep(0.01)

    process.kill()

    assert list(process.reports()) == []
    assert process.ended().code == -9
    assert gone_soon(int(process.last_words[0]))


def test_its_words_are_kept_in_bounds() -> None:
    process = python(
        "import sys\nfor i in range(1000): print(i, 'x' * 5000, file=sys.stderr)\nsys.exit('end')"
    )

    process.bury()

    assert len(process.last_words) == KEPT_LINES
    assert max(map(len, process.last_words)) <= LINE_BYTES
    assert process.last_words[-1] == "end"


def test_one_that_does_not_listen_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(child_module, "END_S", 0.01)
    process = python("import time; time.sleep(1000)")
    process.send(bytes(2**20))

    assert "by signal 9 (SIGKILL), perhaps because memory ran out. Ask again" in str(
        process.ended().why()
    )


def test_one_that_does_not_start_is_an_error() -> None:
    with pytest.raises(KnownError, match=r"expected it to start, found: .*No such file"):
        WorkerProcess(["/nowhere/medley"])


@pytest.mark.parametrize(
    ("code", "how"),
    [
        (-11, "by signal 11 (SIGSEGV). Ask"),
        (-99, "by signal 99 (unknown). Ask"),
        (3, "exit code 3"),
        (None, "does not end. Ask"),
    ],
)
def test_the_reason_names_what_ended_it(code: int | None, how: str) -> None:
    assert how in str(Ended(code).why())


def test_the_reason_names_who_was_at_work_and_what_to_do() -> None:
    assert str(Ended(-11).why("medley.image")) == (
        "the engine's process was ended by signal 11 (SIGSEGV) while medley.image was at work. "
        "Ask again: it starts anew."
    )
    assert str(Ended(-11).why("boom.image", "boom")) == (
        "the engine's process was ended by signal 11 (SIGSEGV) while boom.image of the plugin boom "
        "was at work. boom is not used again until Medley is started anew; switch it off for good "
        "with `medley plugins disable boom`."
    )


def test_the_command_line_becomes_a_worker_when_it_is_told_to() -> None:
    process = WorkerProcess(
        [sys.executable, "-m", "desktop.cli", PROCESS_ARGUMENT, "runtime.worker"]
    )

    process.send(encode(Stop(1)))

    (refused,) = process.reports()
    assert isinstance(refused, Refused)
    assert "found `Stop` before `open`" in str(refused.problem)
    assert "exit code 2" in str(process.ended().why())
