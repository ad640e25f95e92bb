"""Commands run to their end, whatever they leave behind."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time

import pytest

from runtime.process.reap import Command
from tests.runtime.worker.watching import gone_soon

LEAVES = """
import subprocess, sys
child = subprocess.Popen(
    [sys.executable, "-c", "import time; time.sleep(1000)"], start_new_session={session}
)
print(child.pid, flush=True)
"""


def python(code: str) -> Command:
    return Command([sys.executable, "-c", code])


def test_the_end_brings_the_code_and_what_was_said() -> None:
    code, out, err = python("import sys; print('ja\\u00df'); sys.exit('no')").wait()

    assert (code, out.strip(), err.strip()) == (1, "jaß", "no")


@pytest.mark.parametrize("leaves_the_session", [False, True])
def test_a_child_that_is_left_behind_holds_nobody_up(leaves_the_session: bool) -> None:
    code, out, _ = python(LEAVES.format(session=leaves_the_session)).wait()

    assert code == 0
    if leaves_the_session:
        os.kill(int(out), signal.SIGKILL)
    assert gone_soon(int(out))


def test_killing_it_ends_what_it_started() -> None:
    command = python(LEAVES.format(session=False) + "import time; time.sleep(1000)")
    killer = threading.Thread(target=lambda: (time.sleep(0.5), command.kill()))
    killer.start()

    code, out, _ = command.wait()

    killer.join()
    command.kill()
    assert code == -9
    assert not out or gone_soon(int(out))
