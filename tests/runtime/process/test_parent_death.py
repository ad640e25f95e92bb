"""A child ends with its parent, however the parent ends."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

CHILD = """
from runtime.process.parent_death import die_before_parent, die_with_parent
die_with_parent(); die_before_parent()
import time; print(open("/proc/self/oom_score_adj").read().strip(), flush=True); time.sleep(600)
"""
PARENT = f"""
import subprocess, sys
child = subprocess.Popen([sys.executable, "-c", {CHILD!r}], stdout=subprocess.PIPE, text=True)
print(child.pid, child.stdout.readline().strip(), flush=True)
import time; time.sleep(600)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="the kernel's signal at a parent's death")
def test_a_killed_parent_leaves_no_child() -> None:
    parent = subprocess.Popen(
        [sys.executable, "-c", PARENT], stdout=subprocess.PIPE, text=True, cwd=Path.cwd()
    )
    assert parent.stdout is not None
    pid, score = parent.stdout.readline().split()
    parent.kill()
    parent.wait()
    parent.stdout.close()

    assert int(score) > 0
    while psutil.pid_exists(int(pid)):
        time.sleep(0.01)
