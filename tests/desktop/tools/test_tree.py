"""A tree is known by its mark, and children that nobody waits for are buried."""

from __future__ import annotations

import os
import subprocess
import sys

import psutil

from desktop.tools.tree import VARIABLE, bury_orphans, end_tree, new_mark
from tests.desktop.tools.calling import LONG_S


def test_a_mark_finds_what_left_its_session_and_nothing_else() -> None:
    mark = new_mark()
    words = [sys.executable, "-c", "import time; time.sleep(1000)"]
    marked = subprocess.Popen(words, env=os.environ | {VARIABLE: mark}, start_new_session=True)
    other = subprocess.Popen(words, env=os.environ | {VARIABLE: new_mark()})

    end_tree(mark)

    assert marked.wait(LONG_S) < 0
    assert other.poll() is None
    other.kill()
    other.wait()


def test_an_ended_child_is_buried_once_it_was_left_for_long() -> None:
    child = subprocess.Popen([sys.executable, "-c", ""])
    os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)
    known: dict[int, float] = {}

    bury_orphans(known, 0.0)
    assert psutil.pid_exists(child.pid)
    bury_orphans(known, 100.0)

    assert not psutil.pid_exists(child.pid)
    child.wait()
