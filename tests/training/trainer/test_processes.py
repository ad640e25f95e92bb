"""Several processes that train together: real ones, on the processor."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest
import torch

from plugins.errors import KnownError
from training.trainer import devices, processes

PARENT = """
import signal
import sys
from pathlib import Path

from tests.training.trainer import test_processes
from training.trainer import processes

if __name__ == "__main__":
    # What a shell puts in the background ignores what Ctrl-C sends.
    heeded = sys.argv[2] == "SIGINT"
    signal.signal(signal.SIGINT, signal.default_int_handler if heeded else signal.SIG_IGN)
    processes.run(2, test_processes.sleep, Path(sys.argv[1]))
"""
ROOT = Path(processes.__file__).parents[2]


def tell(folder: Path) -> None:
    """Write what accelerate and torch find, and what all processes have together."""
    devices.use("cpu")
    found = devices.accelerator()
    all_five = "".join(devices.from_all(list("abcde"[devices.proportion_of(5)])))
    threads = torch.get_num_threads()
    (folder / str(found.process_index)).write_text(f"{found.num_processes} {all_five} {threads}")


def refuse(_: Path) -> None:
    devices.use("cpu")
    if os.environ["RANK"] == "1":
        raise KnownError("expected an apple, found a pear.")
    devices.accelerator().wait_for_everyone()


def fail(_: Path) -> None:
    if os.environ["RANK"] == "1":
        raise ValueError("not a pear")
    time.sleep(600)


def die(_: Path) -> None:
    if os.environ["RANK"] == "0":
        os.kill(os.getpid(), signal.SIGKILL)
    time.sleep(600)


def sleep(folder: Path) -> None:
    (folder / str(os.getpid())).touch()
    time.sleep(600)


@pytest.mark.slow
def test_processes_find_each_other_and_share_the_threads(tmp_path: Path) -> None:
    threads = max(1, torch.get_num_threads() // 2)
    processes.run(2, tell, tmp_path)
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == {
        "0": f"2 abcde {threads}", "1": f"2 abcde {threads}",
    }  # fmt: skip
    assert "RANK" not in os.environ


@pytest.mark.slow
@pytest.mark.parametrize(
    ("work", "kind", "text"),
    [
        (refuse, KnownError, "^expected an apple, found a pear.$"),
        (die, KnownError, "ended from outside.*SIGKILL.*--resume"),
        (fail, RuntimeError, "ValueError: not a pear"),
    ],
)
def test_the_end_of_one_process_ends_all(
    tmp_path: Path, work: Callable[[Path], None], kind: type[Exception], text: str
) -> None:
    before = set(psutil.Process().children())
    with pytest.raises(kind, match=text):
        processes.run(2, work, tmp_path)
    spawned = set(psutil.Process().children()) - before
    assert not [one for one in spawned if "spawn_main" in " ".join(one.cmdline())]


@pytest.mark.slow
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGKILL])
def test_a_parent_that_ends_leaves_no_process_behind(tmp_path: Path, how: signal.Signals) -> None:
    script = tmp_path / "parent.py"
    script.write_text(f"import sys\nsys.path.insert(0, {str(ROOT)!r})\n{PARENT}")
    (tmp_path / "pids").mkdir()
    with subprocess.Popen(
        [sys.executable, str(script), str(tmp_path / "pids"), how.name], cwd=ROOT,
        stderr=subprocess.PIPE, env={**os.environ, "PYTHONPATH": str(ROOT)},
    ) as parent:  # fmt: skip
        try:
            while len(pids := [int(path.name) for path in (tmp_path / "pids").iterdir()]) < 2:
                assert parent.poll() is None
                time.sleep(0.05)
            parent.send_signal(how)
            _, errors = parent.communicate(timeout=60)
        finally:
            parent.kill()
    assert (b"KeyboardInterrupt" in errors) == (how == signal.SIGINT)
    left = [psutil.Process(pid) for pid in pids if psutil.pid_exists(pid)]
    assert not psutil.wait_procs(left, timeout=30)[1]


def test_processes_are_not_started_where_there_is_no_room(monkeypatch: pytest.MonkeyPatch) -> None:
    devices.check_room("cpu", 3)
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 2)
    devices.check_room("cuda", 2)
    for device, count in (("cuda:1", 2), ("cuda", 3), ("auto", 3)):
        with pytest.raises(KnownError, match=rf"{count} processes need a GPU each.*{device}"):
            devices.check_room(device, count)
    monkeypatch.setenv("WORLD_SIZE", "2")
    devices.check_room("cpu", 1)
    with pytest.raises(KnownError, match="leave it out under torchrun"):
        devices.check_room("cpu", 2)
