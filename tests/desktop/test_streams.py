"""Outputs that take nothing, folders that are gone, screens that are not there: one sentence."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from pathlib import Path

import pytest

from desktop.streams import what_the_system_said
from desktop.window.screen import why_not
from storage.library import Library
from storage.records import Text

ROOT = Path(__file__).parents[2]
SCREENS = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A data folder with a library."""
    with Library.open(tmp_path / "data" / "medley" / "library.db") as library:
        conversation = library.conversations.new("Boats").id
        library.messages.add(conversation, [Text("a boat")])
    return tmp_path


def shell(
    line: str, home: Path, cwd: Path | None = None, **screens: str
) -> subprocess.CompletedProcess[str]:
    """Run a line of the shell in which `medley` is the command line."""
    environment = {name: value for name, value in os.environ.items() if name not in SCREENS}
    environment |= {"XDG_DATA_HOME": str(home / "data"), "PYTHONPATH": str(ROOT), **screens}
    script = f'medley() {{ "{sys.executable}" -m desktop.cli "$@"; }}; {line}'
    return subprocess.run(
        ["bash", "-c", script],
        cwd=cwd or home,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
    )


def one_sentence(ran: subprocess.CompletedProcess[str], said: str) -> None:
    (line,) = ran.stderr.splitlines()
    assert line.startswith("medley: error: ") and said in line
    assert ran.returncode == 2


def test_a_full_output_is_told(home: Path) -> None:
    ran = shell("medley library search >/dev/full", home)
    one_sentence(ran, "the output could not be written (No space left on device)")


@pytest.mark.parametrize("line", ["medley library search", "medley models list"])
def test_a_closed_output_is_told(line: str, home: Path) -> None:
    one_sentence(shell(f"{line} >&-", home), "expected an output to print to, found it closed")


def test_an_output_that_takes_no_writes_is_told(home: Path) -> None:
    ran = shell("medley library search 1</dev/null", home)
    one_sentence(ran, "the output could not be written")


def test_where_nothing_can_be_said_the_code_says_it(home: Path) -> None:
    for line in ("medley library search nope.db --library nope 2>/dev/full", "medley nope 2>&-"):
        ran = shell(line, home)
        assert (ran.returncode, ran.stdout, ran.stderr) == (2, "", "")


def test_closed_errors_and_a_closed_input_harm_nothing(home: Path) -> None:
    ran = shell("medley library search 2>&- <&-", home)
    assert (ran.returncode, ran.stderr) == (0, "")
    assert "Boats" in ran.stdout


def test_a_reader_that_has_gone_is_no_fault(home: Path) -> None:
    ran = shell("medley library search | true", home)
    assert (ran.returncode, ran.stderr) == (0, "")


@pytest.mark.parametrize(
    ("command", "said"),
    [
        ("library export x.zip --conversation 1", "is gone. Go to another one"),
        ("ask hello", "output folder medley-out: cannot write there"),
        ("./picture.png", "is gone. Go to another one"),
    ],
)
def test_a_working_folder_that_is_gone_is_told(command: str, said: str, home: Path) -> None:
    (home / "gone").mkdir()
    one_sentence(shell(f"cd gone; rmdir ../gone; medley {command}", home), said)


@pytest.mark.parametrize("name", ["n" * 300 + ".png", "./" + "n" * 300])
def test_a_name_that_no_file_can_have_is_told(name: str, home: Path) -> None:
    one_sentence(shell(f"medley {name}", home), "File name too long")


@pytest.mark.parametrize(
    ("screens", "said"),
    [
        ({}, "expected DISPLAY or WAYLAND_DISPLAY, found neither"),
        ({"DISPLAY": ":77"}, "expected one at DISPLAY=:77, found none"),
        ({"WAYLAND_DISPLAY": "gone-9"}, "expected one at WAYLAND_DISPLAY=gone-9, found none"),
        (
            {"DISPLAY": ":77", "WAYLAND_DISPLAY": "gone-9"},
            "expected one at WAYLAND_DISPLAY=gone-9 and DISPLAY=:77, found none",
        ),
        ({"DISPLAY": "garbage"}, "expected one at DISPLAY=garbage, found none"),
        ({"QT_QPA_PLATFORM": "nonsense"}, 'Could not find the Qt platform plugin "nonsense"'),
    ],
)
def test_a_screen_that_is_not_there_is_told(screens: dict[str, str], said: str, home: Path) -> None:
    ran = shell("medley", home, **screens)
    one_sentence(ran, said)
    assert "medley chat" in ran.stderr


def test_what_qt_misses_is_told_where_a_screen_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    monkeypatch.delenv("QT_QPA_PLATFORM", raising=False)
    monkeypatch.setenv("DISPLAY", ":0")
    said = ["xcb-cursor0 is needed to load the Qt xcb platform plugin.", "This application failed"]
    assert "Qt says 'xcb-cursor0 is needed" in why_not(said)


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (PermissionError(errno.EACCES, "Permission denied", "a\x1b[2Jb"), r"a\x1b[2Jb: Permission"),
        (OSError(errno.EMFILE, "Too many open files"), "the system refused what was needed"),
        (OSError("odd"), "the system refused what was needed (OSError)"),
    ],
)
def test_what_the_system_says_becomes_a_sentence(error: OSError, said: str) -> None:
    assert said in what_the_system_said(error)
