"""`medley serve` as a person starts it: it says where, keeps its token, and ends on Ctrl-C."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx2
import psutil
import pytest

from tests.desktop.conftest import Run, error_line

ROOT = Path(__file__).parents[3]


@contextmanager
def started(config: Path, *words: str) -> Iterator[subprocess.Popen[str]]:
    """The command in a process of its own."""
    process = subprocess.Popen(
        [sys.executable, "-m", "desktop.cli", "serve", "--device", "cpu", *words],
        cwd=ROOT, env={**os.environ, "XDG_CONFIG_HOME": str(config)}, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def lines(process: subprocess.Popen[str], count: int) -> str:
    """The first lines that it prints."""
    assert process.stdout is not None
    return "".join(process.stdout.readline() for _ in range(count))


def test_it_says_where_shows_the_token_once_and_ends_on_ctrl_c(tmp_path: Path) -> None:
    with started(tmp_path, "--bundle", "pocket") as process:
        first = lines(process, 3)
        base = re.findall(r"http://127\.0\.0\.1:\d+/v1", first)[0]
        token = re.findall(r"this once: (\S+)", first)[0]
        assert token == (tmp_path / "medley/serve-token").read_text().strip()
        bearer = {"Authorization": f"Bearer {token}"}
        found = httpx2.get(f"{base}/models", headers=bearer, timeout=120)
        assert found.json()["data"][0]["id"] == "pocket"
        children = psutil.Process(process.pid).children(recursive=True)
        assert children
        loaded = {Path(m.path).name for m in psutil.Process(process.pid).memory_maps()}
        assert not [name for name in loaded if "torch" in name or "libllama" in name]
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=120)
    assert process.returncode == 130
    assert "Traceback" not in err + out
    assert psutil.wait_procs(children, timeout=60)[1] == []

    with started(tmp_path, "--bundle", "pocket") as process:
        again = lines(process, 2)
        assert base in again
        assert token not in again and "serve-token" in again


def test_a_port_that_is_taken_is_refused_in_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, medley: Run
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        assert "in use" in error_line(medley("serve", "--port", port))
    assert "from 1024" in error_line(medley("serve", "--port", "80"))
    assert "no bundle" in error_line(medley("serve", "--bundle", "none-such"))


def test_it_ends_with_the_input_of_whoever_started_it(tmp_path: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "desktop.cli", "serve", "--bundle", "pocket", "--device", "cpu",
         "--end-with-input"],
        cwd=ROOT, env={**os.environ, "XDG_CONFIG_HOME": str(tmp_path)}, text=True,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    assert "Medley serves" in lines(process, 1)
    out, err = process.communicate(timeout=120)
    assert process.returncode == 0
    assert "Traceback" not in err + out
