"""What a folder holds, and where something is."""

from __future__ import annotations

from pathlib import Path

from plugins.tools.files.looking import size_text
from tests.desktop.tools.calling import Calls


def test_a_folder_is_listed_with_sizes_and_without_hidden_files(
    calls: Calls, granted: Path
) -> None:
    lines = calls.text("list_folder", within=granted).splitlines()

    assert lines[0] == f"{granted}:"
    assert lines[1].startswith("notes.txt  28 B  20")
    assert lines[2].startswith("trips/  20")
    assert len(lines) == 3


def test_a_large_folder_is_listed_in_part(calls: Calls, granted: Path) -> None:
    for number in range(250):
        (granted / "trips" / f"{number:03}.txt").touch()

    text = calls.text("list_folder", path="trips", within=granted)

    assert text.endswith("and 51 more")
    assert (
        calls.text("list_folder", path=_made(granted, "none"), within=granted) == "none is empty."
    )


def test_what_is_no_folder_is_not_listed(calls: Calls, granted: Path) -> None:
    assert "Not a directory" in calls.problem("list_folder", path="notes.txt", within=granted)
    assert "found none" in calls.problem("list_folder", path="away", within=granted)


def test_files_are_found_by_name(calls: Calls, granted: Path) -> None:
    assert calls.text("find_files", name="ROME", within=granted) == "trips/rome.md"
    assert calls.text("find_files", name="*.txt", within=granted) == "notes.txt"
    assert calls.text("find_files", name="trip", within=granted) == "trips/"
    assert calls.text("find_files", name="hidden", within=granted) == "No file was found."


def test_files_are_found_by_words(calls: Calls, granted: Path) -> None:
    (granted / "picture.bin").write_bytes(b"\0milk")

    found = calls.text("find_files", words="MILK buy", within=granted)

    assert found == "notes.txt: buy bread"
    assert calls.text("find_files", words="bridge", name="*.md", within=granted) == (
        "trips/rome.md: The café near the bridge."
    )
    assert calls.text("find_files", words="milk", folder="trips", within=granted) == (
        "No file was found."
    )
    assert "expected a name or words" in calls.problem("find_files", within=granted)


def test_files_are_found_in_every_granted_folder(calls: Calls, granted: Path) -> None:
    other = granted.parent / "other"
    other.mkdir()
    (other / "notes.md").touch()

    found = calls.text("find_files", name="notes", within=[granted, other])

    assert found.splitlines() == ["notes.txt", str(other / "notes.md")]


def test_sizes_are_told_as_people_read_them() -> None:
    told = [size_text(n) for n in (999, 1000, 12_345, 123_456, 20_000_000, 5_100_000_000)]

    assert told == ["999 B", "1 KB", "12.3 KB", "123 KB", "20 MB", "5.1 GB"]


def _made(folder: Path, name: str) -> str:
    (folder / name).mkdir()
    return name
