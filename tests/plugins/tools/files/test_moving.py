"""Files get other names, folders are made, files go and come back."""

from __future__ import annotations

from pathlib import Path

from desktop.tools.protocol import Called, CallFailed
from tests.desktop.tools.calling import Calls


def test_a_file_is_renamed_and_gets_its_name_back(calls: Calls, granted: Path) -> None:
    given = {"path": "notes.txt", "to": "old/shopping.txt"}

    shown = calls.preview("move_file", writable=granted, **given)
    called = calls.call("move_file", writable=granted, **given)

    assert shown.text == f"{granted}/notes.txt\n-> {granted}/old/shopping.txt"
    assert isinstance(called, Called)
    assert called.text == "notes.txt is now old/shopping.txt."
    assert not (granted / "notes.txt").exists()
    calls.undo("move_file", called, writable=granted)
    assert (granted / "notes.txt").read_text().startswith("buy bread")


def test_a_file_moves_into_a_folder_and_a_folder_is_renamed(calls: Calls, granted: Path) -> None:
    calls.text("move_file", path="notes.txt", to="trips", writable=granted)
    calls.text("move_file", path="trips", to="journeys", writable=granted)

    assert (granted / "journeys" / "notes.txt").exists()


def test_nothing_is_replaced_by_a_move(calls: Calls, granted: Path) -> None:
    (granted / "trips" / "notes.txt").write_text("other")

    for to in ("trips/notes.txt", "trips", "trips/rome.md"):
        assert "expected a free name" in calls.problem(
            "move_file", path="notes.txt", to=to, writable=granted
        )
    assert "expected another place" in calls.problem(
        "move_file", path="trips", to="trips/inner", writable=granted
    )
    assert "found none" in calls.problem("move_file", path="away", to="b", writable=granted)


def test_nothing_moves_out_of_the_granted_folder_or_from_one_that_is_only_read(
    calls: Calls, granted: Path
) -> None:
    outside = granted.parent / "outside"

    assert "lies outside" in calls.problem(
        "move_file", path="notes.txt", to=str(outside / "n.txt"), writable=granted
    )
    assert "may be read, not changed" in calls.problem(
        "move_file", path="notes.txt", to=str(outside / "n.txt"), within=granted, writable=outside
    )


def test_a_folder_is_made_once_and_removed_while_it_is_empty(calls: Calls, granted: Path) -> None:
    called = calls.call("make_folder", path="a/b", writable=granted)

    assert (granted / "a" / "b").is_dir()
    assert calls.text("make_folder", path="a/b", writable=granted) == "a/b is there already."
    (granted / "a" / "b" / "file").touch()
    assert isinstance(calls.undo("make_folder", called, writable=granted), CallFailed)
    (granted / "a" / "b" / "file").unlink()
    assert isinstance(calls.undo("make_folder", called, writable=granted), Called)
    assert not (granted / "a" / "b").exists()


def test_a_deleted_file_comes_back(calls: Calls, granted: Path) -> None:
    shown = calls.preview("delete_file", path="notes.txt", writable=granted)
    called = calls.call("delete_file", path="notes.txt", writable=granted)

    assert shown.text == f"{granted}/notes.txt  28 B"
    assert not (granted / "notes.txt").exists()
    calls.undo("delete_file", called, writable=granted)
    assert (granted / "notes.txt").read_text() == "buy bread\nbuy milk\ncall Ada\n"


def test_folders_are_not_deleted(calls: Calls, granted: Path) -> None:
    assert "found a folder" in calls.problem("delete_file", path="trips", writable=granted)
    assert "the folder itself" in calls.problem("delete_file", path=".", writable=granted)
