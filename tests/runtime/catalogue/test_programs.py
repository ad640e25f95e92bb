"""Programs run to their end, are stopped together, and end once they have done their work."""

from __future__ import annotations

import os
import sys
import threading

from runtime.catalogue.programs import Programs, bound

SLEEPS = [sys.executable, "-c", "print('on', flush=True); import time; time.sleep(600)"]


def test_a_program_tells_its_code_and_all_that_it_said() -> None:
    script = "import sys; print('out'); print('err', file=sys.stderr); sys.exit(3)"

    ended = Programs().run([sys.executable, "-c", script], os.environ)

    assert ended.code == 3
    assert {"out", "err"} <= set(ended.said.split())


def test_stopping_ends_what_runs_and_what_is_started_later() -> None:
    programs = Programs()
    ended = []
    thread = threading.Thread(target=lambda: ended.append(programs.run(SLEEPS, os.environ)))
    thread.start()
    programs.stop()
    thread.join()

    assert ended[0].code != 0
    assert programs.run(SLEEPS, os.environ).code != 0


def test_a_program_is_ended_when_its_work_is_done() -> None:
    assert Programs().run(SLEEPS, os.environ, has_all=lambda: True).code != 0


def test_a_bound_program_ignores_modules_of_the_folder_it_is_started_in() -> None:
    assert bound(["pip", "download"]) == [
        sys.executable,
        "-P",
        "-m",
        "runtime.catalogue.bound",
        "pip",
        "download",
    ]
