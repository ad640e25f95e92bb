"""Nothing outside the granted folders is reached, by whatever path."""

from __future__ import annotations

import ctypes
import os
import threading
import unicodedata
from pathlib import Path

import pytest

from tests.desktop.tools.calling import Calls

HERE, EXCHANGE = -100, 2
OUTSIDE = "lies outside the folders that may be used"


@pytest.mark.parametrize(
    "path",
    [
        "../outside/key.txt",
        "trips/../../outside/key.txt",
        "/etc/passwd",
        "/proc/self/root/etc/passwd",
        "/proc/self/cwd",
        "/dev/fd/0",
        "~/.bashrc",
        "~root",
        "to-outside/key.txt",
        "key-link.txt",
        "trips/../to-outside",
        "／etc/passwd/../../../outside/key.txt",
    ],
)
def test_a_path_out_of_the_folder_is_refused(calls: Calls, granted: Path, path: str) -> None:
    (granted / "to-outside").symlink_to(granted.parent / "outside")
    (granted / "key-link.txt").symlink_to(granted.parent / "outside" / "key.txt")

    assert OUTSIDE in calls.problem("read_file", path=path, within=granted)
    assert OUTSIDE in calls.problem("write_file", path=path, text="x", writable=granted)
    assert (granted.parent / "outside" / "key.txt").read_text() == "secret"


def test_a_link_that_stays_inside_is_followed(calls: Calls, granted: Path) -> None:
    (granted / "inside").symlink_to("trips")

    assert "café" in calls.text("read_file", path="inside/rome.md", within=granted)


def test_a_path_that_begins_like_a_granted_folder_is_another_one(
    calls: Calls, granted: Path
) -> None:
    other = granted.with_name("granted-too")
    other.mkdir()
    (other / "a.txt").write_text("no")

    assert OUTSIDE in calls.problem("read_file", path=str(other / "a.txt"), within=granted)


def test_a_folder_that_may_only_be_read_is_not_changed(calls: Calls, granted: Path) -> None:
    for tool, given in {
        "write_file": {"path": "new.txt", "text": "x"},
        "edit_file": {"path": "notes.txt", "old": "bread", "new": "cake"},
        "move_file": {"path": "notes.txt", "to": "other.txt"},
        "make_folder": {"path": "sub"},
        "delete_file": {"path": "notes.txt"},
    }.items():
        assert "may be read, not changed" in calls.problem(tool, within=granted, **given)

    assert sorted(os.listdir(granted)) == [".hidden", "notes.txt", "trips"]


def test_without_a_granted_folder_nothing_is_reached(calls: Calls, granted: Path) -> None:
    path = str(granted / "notes.txt")

    assert "expected a folder that may be used" in calls.problem("read_file", path=path)
    assert "expected a folder that may be used" in calls.problem("list_folder")
    assert "expected a folder that may be used" in calls.problem("find_files", name="notes")


@pytest.mark.parametrize("path", [".hidden", ".git/hooks/post-commit", "trips/.env"])
def test_hidden_files_are_left_alone(calls: Calls, granted: Path, path: str) -> None:
    assert "are left alone" in calls.problem("read_file", path=path, within=granted)
    assert "are left alone" in calls.problem("write_file", path=path, text="x", writable=granted)


def test_medleys_own_files_are_left_alone(calls: Calls) -> None:
    data = Path(os.environ["XDG_DATA_HOME"])

    assert "are left alone" in calls.problem("list_folder", path="medley", within=data)


def test_pipes_devices_and_large_files_are_refused(calls: Calls, granted: Path) -> None:
    os.mkfifo(granted / "pipe.txt")
    with (granted / "large.txt").open("wb") as file:
        file.truncate(20_000_001)

    assert "found a device, a pipe" in calls.problem("read_file", path="pipe.txt", within=granted)
    assert "at most 20 MB" in calls.problem("read_file", path="large.txt", within=granted)
    assert "found a device, a pipe" in calls.problem(
        "write_file", path="pipe.txt", text="x", writable=granted
    )


def test_a_file_with_another_name_outside_is_refused_and_one_inside_is_not(
    calls: Calls, granted: Path
) -> None:
    os.link(granted.parent / "outside" / "key.txt", granted / "same.txt")
    os.link(granted / "notes.txt", granted / "trips" / "notes.txt")

    assert "lies outside the folder by another name" in calls.problem(
        "read_file", path="same.txt", within=granted
    )
    assert "bread" in calls.text("read_file", path="trips/notes.txt", within=granted)


def test_names_may_hold_any_letters(calls: Calls, granted: Path) -> None:
    name = "报告 – naïve café (1).txt"

    calls.text("write_file", path=name, text="行", writable=granted)

    assert "行" in calls.text("read_file", path=name, within=granted)
    assert name in calls.text("list_folder", within=granted)


def test_a_name_is_found_however_its_accents_are_put_together(calls: Calls, granted: Path) -> None:
    apart = unicodedata.normalize("NFD", "café.txt")
    (granted / apart).write_text("old")

    assert "old" in calls.text("read_file", path="café.txt", within=granted)
    calls.text("write_file", path="café.txt", text="new", writable=granted)
    assert (granted / apart).read_text() == "new"


def test_a_folder_that_becomes_a_link_meanwhile_leads_nowhere(calls: Calls, granted: Path) -> None:
    """Another program swaps the folder and a link to the outside all the time."""
    link, place = granted / "link", granted / "swapped"
    place.mkdir()
    (place / "key.txt").write_text("harmless")
    link.symlink_to(granted.parent / "outside")
    libc, over = ctypes.CDLL(None), threading.Event()

    def swap() -> None:
        while not over.is_set():
            assert not libc.renameat2(HERE, bytes(link), HERE, bytes(place), EXCHANGE)

    thread = threading.Thread(target=swap)
    thread.start()
    try:
        for number in range(60):
            read = calls.call("read_file", path="swapped/key.txt", within=granted)
            assert "secret" not in str(read)
            calls.call("write_file", path=f"swapped/{number}.txt", text="x", writable=granted)
    finally:
        over.set()
        thread.join()

    assert os.listdir(granted.parent / "outside") == ["key.txt"]
