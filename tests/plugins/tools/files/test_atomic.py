"""Whatever ends the process, a file holds the old bytes or the new, and a copy is kept."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

from plugins.tools.files.atomic import write_at
from plugins.tools.files.kept import digest, kept_folder
from tests.desktop.tools.calling import Calls

OLD, NEW = "old line\n" * 200_000, "new line\n" * 200_000
ROUNDS = 4


def test_a_kill_in_the_middle_of_a_write_leaves_the_old_or_the_new(tmp_path: Path) -> None:
    path, calls = tmp_path / "book.txt", Calls()
    try:
        for number in range(ROUNDS):
            path.write_text(OLD)
            assert calls.text("calculate", expression="1") == "1"
            pid = calls.client.pid
            assert pid is not None
            id = calls.begin("write_file", path="book.txt", text=NEW, writable=tmp_path)
            # A little later each time: before, in and after the write.
            time.sleep(0.004 * number)
            os.kill(pid, signal.SIGKILL)
            calls.ended(id)

            found = path.read_text()
            assert found in (OLD, NEW)
            if found == NEW:
                assert (kept_folder() / digest(OLD.encode())).read_text() == OLD
    finally:
        calls.client.close()


def test_parts_that_nobody_writes_any_more_are_removed(tmp_path: Path) -> None:
    stale, fresh = tmp_path / ".medley-1.part", tmp_path / ".medley-2.part"
    stale.touch()
    fresh.touch()
    os.utime(stale, (1, 1))
    fd = os.open(tmp_path, os.O_RDONLY)

    write_at(fd, "a.txt", b"text")

    os.close(fd)
    assert sorted(os.listdir(tmp_path)) == [".medley-2.part", "a.txt"]
