"""Files are written and edited, shown before, and put back."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from desktop.tools.protocol import Called, CallFailed
from tests.desktop.tools.calling import Calls


def test_a_new_file_is_shown_written_and_taken_back(calls: Calls, granted: Path) -> None:
    given = {"path": "new/list.txt", "text": "one\ntwo\n"}

    shown = calls.preview("write_file", writable=granted, **given)
    called = calls.call("write_file", writable=granted, **given)

    assert shown.kind == "diff"
    assert "+one\n+two" in shown.text
    assert isinstance(called, Called) and called.text == "new/list.txt was written."
    assert (granted / "new" / "list.txt").read_text() == "one\ntwo\n"
    taken_back = calls.undo("write_file", called, writable=granted)
    assert isinstance(taken_back, Called)
    assert taken_back.text == "new/list.txt was removed; it had not been there before."
    assert not (granted / "new" / "list.txt").exists()


def test_a_preview_changes_nothing(calls: Calls, granted: Path) -> None:
    calls.preview("write_file", path="new/list.txt", text="x", writable=granted)
    calls.preview("edit_file", path="notes.txt", old="milk", new="tea", writable=granted)

    assert sorted(os.listdir(granted)) == [".hidden", "notes.txt", "trips"]
    assert "milk" in (granted / "notes.txt").read_text()


def test_an_edit_replaces_one_passage_and_keeps_rights_and_line_ends(
    calls: Calls, granted: Path
) -> None:
    path = granted / "script.txt"
    path.write_bytes(b"one\r\ntwo\r\nthree\r\n")
    path.chmod(0o750)

    shown = calls.preview(
        "edit_file", path="script.txt", old="two\n", new="2\n2b\n", writable=granted
    )
    called = calls.call(
        "edit_file", path="script.txt", old="two\n", new="2\n2b\n", writable=granted
    )

    assert "-two\n+2\n+2b" in shown.text
    assert path.read_bytes() == b"one\r\n2\r\n2b\r\nthree\r\n"
    assert path.stat().st_mode & 0o777 == 0o750
    calls.undo("edit_file", called, writable=granted)
    assert path.read_bytes() == b"one\r\ntwo\r\nthree\r\n"
    assert path.stat().st_mode & 0o777 == 0o750


@pytest.mark.parametrize("old, count", [("buy", 2), ("tea", 0), ("", 0)])
def test_an_edit_that_is_not_exact_is_refused(
    calls: Calls, granted: Path, old: str, count: int
) -> None:
    given = {"path": "notes.txt", "old": old, "new": "x", "writable": granted}

    assert f"found it {count} times" in calls.problem("edit_file", **given)
    assert f"found it {count} times" in str(calls.preview("edit_file", **given).problem)
    assert "buy bread" in (granted / "notes.txt").read_text()


def test_only_utf8_is_edited_and_only_what_is_there(calls: Calls, granted: Path) -> None:
    (granted / "latin.txt").write_bytes(b"caf\xe9")

    assert "expected a text in UTF-8" in calls.problem(
        "edit_file", path="latin.txt", old="caf", new="x", writable=granted
    )
    assert "Use write_file to make one" in calls.problem(
        "edit_file", path="away.txt", old="a", new="x", writable=granted
    )


def test_a_change_is_not_taken_back_once_the_file_was_changed(calls: Calls, granted: Path) -> None:
    called = calls.call("write_file", path="notes.txt", text="mine", writable=granted)
    (granted / "notes.txt").write_text("the person's own")

    refused = calls.undo("write_file", called, writable=granted)

    assert isinstance(refused, CallFailed) and "it was changed since" in str(refused.problem)
    assert (granted / "notes.txt").read_text() == "the person's own"


def test_a_change_is_not_taken_back_where_changes_are_no_longer_allowed(
    calls: Calls, granted: Path
) -> None:
    called = calls.call("write_file", path="notes.txt", text="mine", writable=granted)

    refused = calls.undo("write_file", called, within=granted)

    assert isinstance(refused, CallFailed) and "may be read, not changed" in str(refused.problem)
    assert (granted / "notes.txt").read_text() == "mine"
