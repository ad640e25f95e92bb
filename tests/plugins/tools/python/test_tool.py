"""Programs of the model's run in a sandbox: no network, no files of the person, bounded."""

from __future__ import annotations

import os
import subprocess
import threading
from pathlib import Path

import psutil
import pytest

from desktop.tools.protocol import Called, CallFailed
from plugins.errors import Problem
from plugins.tools.python import run as running
from plugins.tools.python import sandbox as boxes
from plugins.tools.python.run import Ran, run
from plugins.tools.python.sandbox import (
    Kind,
    _works,
    command,
    environment,
    sandbox,
    shareable,
)
from tests.desktop.tools.calling import LONG_S, Calls

KINDS: tuple[Kind, ...] = ("bubblewrap", "namespaces")


@pytest.fixture(params=KINDS)
def kind(request: pytest.FixtureRequest) -> Kind:
    """Each sandbox that works here."""
    found: Kind = request.param
    if not _works(found):
        pytest.skip(f"no {found} here")
    return found


def ran(kind: Kind, program: str, work: Path, *readable: Path, time_s: float = LONG_S) -> Ran:
    return run(kind, program, work, readable, lambda: False, time_s)


@pytest.fixture
def sandboxed(calls: Calls) -> Calls:
    """Calls, where there is a sandbox."""
    if isinstance(sandbox(), Problem):
        pytest.skip("no sandbox here")
    return calls


def test_what_a_program_prints_and_makes_is_given_back(sandboxed: Calls) -> None:
    code = "open('a.txt', 'w').write('made')\nprint('said')\n6 * 7"

    called = sandboxed.call("run_python", code=code)

    assert isinstance(called, Called)
    assert called.text == "said\n42\n\nFiles made: a.txt"
    (file,) = called.files
    assert (file.name, Path(file.path).read_text()) == ("a.txt", "made")
    assert sandboxed.text("run_python", code="x = 1") == "The program printed nothing."
    shown = sandboxed.preview("run_python", code=code)
    assert (shown.text, shown.kind) == (code, "command")


def test_the_systems_own_folders_are_not_shown(tmp_path: Path) -> None:
    inner, many = tmp_path / "a" / "b", tmp_path / "many"
    inner.mkdir(parents=True)
    many.mkdir()
    for number in range(501):
        (many / f".{number}").touch()
    own = [Path("/"), Path("/proc/self"), Path("/dev"), tmp_path / "away", many]

    assert shareable([inner, *own, tmp_path / "a", inner]) == [tmp_path / "a", inner]


def test_a_program_runs_whatever_is_granted(sandboxed: Calls) -> None:
    assert sandboxed.text("run_python", code="6 * 7", within=[Path("/"), Path("/tmp")]) == "42\n"


def test_a_program_that_fails_says_where(sandboxed: Calls) -> None:
    text = sandboxed.text("run_python", code="def f():\n    return 1 / 0\nf()\n")

    assert 'File "program.py", line 2, in f\n    return 1 / 0' in text
    assert text.endswith("The program failed with code 1.")
    assert "SyntaxError" in sandboxed.text("run_python", code="1 +")


def test_a_program_that_is_stopped_ends_at_once(sandboxed: Calls) -> None:
    id = sandboxed.begin("run_python", code="import time\nwhile True: time.sleep(1)")
    over, started = threading.Event(), []
    # The sandbox's own program, the first process in it, and Python.
    while len(started) < 2 and not over.wait(0.01):
        found = psutil.Process(sandboxed.client.pid).children(recursive=True)
        started = [one for one in found if _lives(one)]
    sandboxed.client.stop(id)

    ended = sandboxed.ended(id)

    assert isinstance(ended, CallFailed) and ended.stopped
    while any(map(_lives, started)):
        over.wait(0.01)


def _lives(process: psutil.Process) -> bool:
    """Whether a process is there and does not only wait to be buried."""
    try:
        return bool(process.status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False


def test_granted_folders_are_read_and_not_changed_and_hidden_files_are_covered(
    kind: Kind, tmp_path: Path
) -> None:
    granted, work = tmp_path / "granted", tmp_path / "work"
    for folder in (granted, work, granted / ".ssh"):
        folder.mkdir()
    (granted / "a.txt").write_text("plain")
    (granted / ".env").write_text("secret")
    (granted / ".ssh" / "key").write_text("secret")
    program = f"""
import os
print(open({str(granted / "a.txt")!r}).read())
try: print(repr(open({str(granted / ".env")!r}).read()))
except PermissionError: print("''")
print(os.listdir({str(granted / ".ssh")!r}))
try: open({str(granted / "b.txt")!r}, "w")
except OSError as error: print(error.strerror)
"""

    found = ran(kind, program, work, granted)

    assert found.output.splitlines() == ["plain", "''", "[]", "Read-only file system"]


def test_there_is_no_network_and_no_file_of_the_person(kind: Kind, tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("secret")
    work = tmp_path / "work"
    work.mkdir()
    program = f"""
import os, socket
for target in (("127.0.0.1", 22), ("1.1.1.1", 53)):
    try: socket.create_connection(target, 2)
    except OSError as error: print(error.strerror)
print(os.path.exists({str(secret)!r}), os.path.exists("/etc/passwd"), os.path.exists("/home"))
print(*os.environ)
print(len([name for name in os.listdir("/proc") if name.isdigit()]) < 5)
for path in ("/usr/x", "/x", "/etc/x"):
    try: open(path, "w")
    except OSError as error: print(type(error).__name__)
"""
    found = ran(kind, program, work).output.splitlines()

    assert found[0] in ("Connection refused", "Network is unreachable")
    assert found[1] == "Network is unreachable"
    assert found[2] == "False False False"
    assert set(found[3].split()) <= {*environment(), "LC_CTYPE", "PWD"}
    assert found[4] == "True"
    assert len(found) == 8


def test_a_program_has_no_rights_and_gets_none(kind: Kind, tmp_path: Path) -> None:
    program = """
import ctypes
status = open("/proc/self/status").read()
print([line.split()[1].strip("0") for line in status.splitlines() if line.startswith("Cap")])
print(ctypes.CDLL(None).mount(b"none", b"/tmp", b"tmpfs", 0, None))
"""
    assert ran(kind, program, tmp_path).output.split("\n")[:2] == ["['', '', '', '', '']", "-1"]


_MANY = """
import os, time
for _ in range(100):
    if os.fork() == 0:
        time.sleep(1000)
time.sleep(1000)
"""
"""More than may be at once, and no more than the machine can bear."""


@pytest.mark.parametrize(
    "program, why",
    [
        pytest.param(
            "import os\nwhile True: os.fork()",
            "processes",
            marks=pytest.mark.skipif(
                os.geteuid() == 0, reason="the kernel bounds no number of root's processes"
            ),
        ),
        (_MANY, "processes"),
        ("print('x' * 10**7)\nimport time\ntime.sleep(1000)", "printed more than"),
        ("import time\ntime.sleep(1000)", "took more than 1 s"),
    ],
)
def test_a_program_without_bounds_is_ended(
    kind: Kind, tmp_path: Path, program: str, why: str
) -> None:
    before = {one.pid for one in psutil.Process().children(True)}

    found = ran(kind, program, tmp_path, time_s=1 if "took" in why else LONG_S)

    assert why in str(found.ended)
    assert {one.pid for one in psutil.Process().children(True)} <= before


def test_memory_and_files_are_bounded(kind: Kind, tmp_path: Path) -> None:
    memory = ran(kind, "x = bytearray(3 * 10**9)", tmp_path)
    large = ran(kind, "open('a', 'wb').truncate(200_000_000)", tmp_path)

    assert "MemoryError" in memory.output
    assert large.code != 0


def test_what_is_written_in_all_is_bounded(
    kind: Kind, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "MOST_WRITTEN", 1_000_000)
    program = (
        "import time\nfor n in range(3): open(str(n), 'wb').write(b'x' * 10**6)\ntime.sleep(99)"
    )

    assert "wrote more than 1 MB" in str(ran(kind, program, tmp_path).ended)


def test_a_program_that_leaves_others_behind_ends_with_them(kind: Kind, tmp_path: Path) -> None:
    program = (
        "import subprocess, sys\n"
        "subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(1000)'],"
        " start_new_session=True)\n"
    )

    assert ran(kind, program, tmp_path).code == 0


def test_an_ordinary_user_has_the_sandbox_too(kind: Kind, monkeypatch: pytest.MonkeyPatch) -> None:
    """Root's rights are not what makes it work."""
    if os.geteuid() != 0:
        pytest.skip("every test is run by an ordinary user")
    monkeypatch.setattr(boxes, "_python_folders", list)
    monkeypatch.setattr(boxes, "interpreter", lambda: "/usr/bin/python3")
    words = command(kind, Path("/tmp"), (), ["/usr/bin/id", "-u"])

    found = subprocess.run(
        words, user=65534, group=65534, env=environment(), capture_output=True, text=True
    )

    assert found.stdout.strip() in ("0", "1000"), found.stderr
