"""What keeps a program from the network, from the person's files and from everything that runs:
bubblewrap, or the kernel's namespaces by themselves. Knows command lines; runs no program of a
model's."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Literal

from plugins.errors import Problem, phrase

Kind = Literal["bubblewrap", "namespaces"]
WORK = "/sandbox"
"""The working folder as the program sees it."""
MEMORY_BYTES, CPU_S, FILE_BYTES, PROCESSES = 2_000_000_000, 60, 100_000_000, 64
"""Of one program: the first three per process."""
_TRY_S = 10.0
_MARK = "MEDLEY_TOOLS_"
_SYSTEM = ("/usr", "/lib", "/lib32", "/lib64", "/bin", "/sbin")
_KERNEL = ("dev", "proc", "sys")
_MOST_HIDDEN = 500
_SETTINGS = (
    "/etc/alternatives", "/etc/fonts", "/etc/ld.so.cache", "/etc/localtime", "/etc/mime.types",
)  # fmt: skip
_ENVIRONMENT = {
    "PATH": "/usr/bin:/bin",
    "HOME": WORK,
    "TMPDIR": "/tmp",
    "LANG": "C.UTF-8",
    "MPLBACKEND": "Agg",
    "MPLCONFIGDIR": "/tmp",
    # Each thread of a library for sums reserves memory.
    "OPENBLAS_NUM_THREADS": "2",
    "OMP_NUM_THREADS": "2",
    "PYTHONDONTWRITEBYTECODE": "1",
}


@cache
def sandbox() -> Kind | Problem:
    """The best that works on this machine, tried once; or why there is none."""
    for kind in ("bubblewrap", "namespaces"):
        if _works(kind):
            return kind
    return phrase(
        "Python programs cannot be run safely here: expected bubblewrap (`bwrap`), or user "
        "namespaces, found neither. Install the package bubblewrap."
    )


def command(kind: Kind, work: Path, readable: Sequence[Path], words: Sequence[str]) -> list[str]:
    """The command line that runs `words` in the sandbox.

    Args:
        kind: what `sandbox` found.
        work: its working folder, the only one that it may write to and that stays.
        readable: further folders that it may read; hidden files at their top are covered.
        words: a command line.
    """
    if kind == "bubblewrap":
        return [*_bubblewrap(work, readable), *words]
    return [*_namespaces(work, readable), *words]


def shareable(folders: Sequence[Path]) -> list[Path]:
    """Those of some granted folders that a program can be shown, the outer before the inner ones:
    none that is the system's own, or holds too many hidden files to be covered."""
    found = [
        one
        for one in dict.fromkeys(folders)
        if len(one.parts) > 1
        and one.parts[1] not in _KERNEL
        and one.is_dir()
        and sum(1 for _ in islice(_hidden(one), _MOST_HIDDEN + 1)) <= _MOST_HIDDEN
    ]
    return sorted(found, key=lambda one: len(one.parts))


def interpreter() -> str:
    """The path of a Python interpreter; that of the system where this program is a frozen one."""
    if getattr(sys, "frozen", False):
        return shutil.which("python3") or "/usr/bin/python3"
    return sys.executable


def environment() -> dict[str, str]:
    """The variables that the sandbox's own program finds: those of the model's program, and the
    mark by which whatever a tool started is ended."""
    marks = {name: value for name, value in os.environ.items() if name.startswith(_MARK)}
    return _ENVIRONMENT | marks


def _bubblewrap(work: Path, readable: Sequence[Path]) -> list[str]:
    words = [
        shutil.which("bwrap") or "bwrap",
        "--unshare-all", "--unshare-user", "--uid", "1000", "--gid", "1000", "--hostname", "medley",
        "--die-with-parent", "--new-session", "--cap-drop", "ALL", "--clearenv",
    ]  # fmt: skip
    for name, value in _ENVIRONMENT.items():
        words += ["--setenv", name, value]
    words += ["--tmpfs", "/", "--proc", "/proc", "--dev", "/dev", "--tmpfs", "/tmp"]
    for path in _SYSTEM:
        if os.path.islink(path):
            words += ["--symlink", os.readlink(path), path]
        elif os.path.isdir(path):
            words += ["--ro-bind", path, path]
    for path in (*_SETTINGS, *_python_folders()):
        words += ["--ro-bind-try", path, path]
    for folder in readable:
        words += ["--ro-bind", str(folder), str(folder)]
        for hidden, is_folder in _hidden(folder):
            words += ["--tmpfs", hidden] if is_folder else ["--ro-bind", os.devnull, hidden]
    return [*words, "--bind", str(work), WORK, "--remount-ro", "/", "--chdir", WORK, "--"]


def _namespaces(work: Path, readable: Sequence[Path]) -> list[str]:
    """`unshare` for the namespaces, and a program that covers the person's files within them."""
    covering = Path(__file__).with_name("covering.py").read_text("utf-8")
    return [
        shutil.which("unshare") or "unshare",
        "--user", "--map-root-user", "--net", "--ipc", "--uts", "--mount", "--pid", "--fork",
        "--kill-child", "--mount-proc",
        interpreter(), "-I", "-S", "-c", covering, str(work), str(len(readable)),
        *map(str, readable), *_python_folders(),
        "--",
    ]  # fmt: skip


def _python_folders() -> list[str]:
    """Where the interpreter and its packages lie, beside the system's folders."""
    if getattr(sys, "frozen", False):
        return []
    found = {sys.prefix, sys.base_prefix, str(Path(os.path.realpath(sys.executable)).parent)}
    return sorted(one for one in found if not one.startswith("/usr/") and one not in ("/", "/usr"))


def _hidden(folder: Path) -> Iterator[tuple[str, bool]]:
    """Hidden names at the top of a folder, and whether each is a folder."""
    with os.scandir(folder) as found:
        for one in found:
            if one.name.startswith(".") and not one.is_symlink():
                yield one.path, one.is_dir(follow_symlinks=False)


def _works(kind: Kind) -> bool:
    """Whether a program runs in it and finds no network there."""
    tool = "bwrap" if kind == "bubblewrap" else "unshare"
    if sys.platform != "linux" or shutil.which(tool) is None:
        return False
    asked = "import socket; print([name for _, name in socket.if_nameindex()])"
    with tempfile.TemporaryDirectory(prefix="medley-try-") as folder:
        try:
            tried = subprocess.run(
                command(kind, Path(folder), (), [interpreter(), "-I", "-S", "-c", asked]),
                env=environment(),
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                timeout=_TRY_S,
                check=False,
            )
        except (OSError, subprocess.TimeoutExpired):
            return False
    return tried.returncode == 0 and tried.stdout.splitlines()[:1] == ["['lo']"]
