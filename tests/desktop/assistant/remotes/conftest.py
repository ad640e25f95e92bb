"""Another computer to test with: this one, behind a real sshd on the loopback and a line that takes
50 ms each way. Where there is no sshd a program stands for ssh that starts the command here."""

from __future__ import annotations

import os
import shlex
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from desktop.assistant.remotes.kept import Remote, add_remote
from desktop.assistant.remotes.starting import connector_command
from runtime.worker.client import EngineClient
from tests.runtime.worker.watching import Watcher

ROOT = Path(__file__).parents[4]
SSHD = "/usr/sbin/sshd"
DELAY_S = 0.05
_CONFIGURATION = """
Port {port}
ListenAddress 127.0.0.1
HostKey {folder}/host
AuthorizedKeysFile {folder}/client.pub
PidFile none
UsePAM no
StrictModes no
PasswordAuthentication no
KbdInteractiveAuthentication no
PermitRootLogin yes
LogLevel ERROR
"""
_SSH = """#!/bin/sh
exec {ssh} -F none -o IdentityFile={folder}/$MEDLEY_TEST_KEY -o IdentitiesOnly=yes \
    -o IdentityAgent=none -o UserKnownHostsFile={folder}/known \
    -o GlobalKnownHostsFile=/dev/null "$@"
"""
_STANDING_FOR_SSH = """#!/bin/sh
for last; do :; done
exec sh -c "$last"
"""


def far_command() -> str:
    """How Medley is started there; on folders of these tests."""
    folders = [f"{name}={os.environ[name]}" for name in ("XDG_DATA_HOME", "XDG_CACHE_HOME")]
    words = ["env", f"PYTHONPATH={ROOT}", "OMP_NUM_THREADS=1", *folders]
    return shlex.join([*words, sys.executable, "-P", "-m", "desktop.cli"])


class Loopback:
    """The way to this computer by itself."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.is_ssh = os.path.exists(SSHD) and shutil.which("ssh") is not None
        """Whether it is a real one."""
        self.port = self._sshd_port = 0
        self._ended: list[subprocess.Popen[str]] = []
        self.bin = folder / "bin"
        self.bin.mkdir()
        text = _STANDING_FOR_SSH
        if self.is_ssh:
            self._start_sshd()
            text = _SSH.format(ssh=shutil.which("ssh"), folder=folder)
        (self.bin / "ssh").write_text(text)
        (self.bin / "ssh").chmod(0o755)

    def _start_sshd(self) -> None:
        for name in ("host", "client", "stranger"):
            words = ["-q", "-t", "ed25519", "-N", "", "-f", str(self.folder / name)]
            subprocess.run(["ssh-keygen", *words], check=True)
        self._sshd_port, self.port = free_port(), free_port()
        known = f"[127.0.0.1]:{self.port} {(self.folder / 'host.pub').read_text()}"
        (self.folder / "known").write_text(known)
        configuration = self.folder / "sshd_config"
        configuration.write_text(_CONFIGURATION.format(port=self._sshd_port, folder=self.folder))
        if os.getuid() == 0:
            Path("/run/sshd").mkdir(exist_ok=True)  # It wants it when it is root's.
        self._run([SSHD, "-D", "-e", "-f", str(configuration)])
        line = [sys.executable, str(Path(__file__).with_name("slow_line.py"))]
        self.line = self._run([*line, str(self.port), str(self._sshd_port), str(DELAY_S)])
        assert self.line.stdout is not None and self.line.stdout.readline() == "open\n"
        until_open(self._sshd_port)

    def _run(self, words: list[str]) -> subprocess.Popen[str]:
        pipe = subprocess.PIPE
        process = subprocess.Popen(
            words, stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL, text=True
        )
        self._ended.append(process)
        return process

    def remote(self, name: str, command: str = "", host: str = "127.0.0.1") -> Remote:
        """This computer under a name."""
        user = psutil.Process().username()
        return Remote(name, f"{user}@{host}", self.port, command or far_command())

    def cut(self, client: EngineClient) -> None:
        """Cut every connection without a word."""
        if self.is_ssh:
            assert self.line.stdin is not None and self.line.stdout is not None
            self.line.stdin.write("cut\n")
            self.line.stdin.flush()
            assert self.line.stdout.readline() == "cut\n"
            return
        assert client.pid is not None
        for one in psutil.Process(client.pid).children():
            one.kill()

    def close(self) -> None:
        """End what was started."""
        for process in self._ended:
            with process:
                process.kill()


def free_port() -> int:
    """A port that nobody listens at."""
    with socket.create_server(("127.0.0.1", 0)) as one:
        port: int = one.getsockname()[1]
        return port


def until_open(port: int) -> None:
    """Wait until somebody listens at a port."""
    for _ in range(600):
        with socket.socket() as one:
            if one.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise TimeoutError(port)


@pytest.fixture(scope="module")
def loopback(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Loopback]:
    """With two computers, `one` and `two`, which are this one."""
    folder = tmp_path_factory.mktemp("loopback")
    made = Loopback(folder)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CONFIG_HOME", str(folder / "config"))
        patch.setenv("PATH", f"{made.bin}{os.pathsep}{os.environ['PATH']}")
        patch.setenv("MEDLEY_TEST_KEY", "client")
        patch.delenv("MEDLEY_OFFLINE", raising=False)
        for name in ("one", "two"):
            add_remote(made.remote(name))
        yield made
    made.close()


def client(watcher: Watcher, name: str, bundle: str | Path) -> EngineClient:
    """An engine on another computer."""
    return EngineClient(
        bundle,
        on_event=watcher.on_event,
        on_state=watcher.on_state,
        command=lambda: connector_command(name),
        place=name,
    )


def far_workers(marked: str = "runtime.worker") -> list[psutil.Process]:
    """The workers that far ends of this session of tests have started."""
    found = []
    for process in psutil.process_iter(["cmdline", "ppid"]):
        if process.info["cmdline"] and process.info["cmdline"][-1] == marked:
            parent = psutil.Process(process.info["ppid"])
            if "--stdio" in parent.cmdline():
                found.append(process)
    return found
