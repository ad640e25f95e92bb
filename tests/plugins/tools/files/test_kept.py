"""Copies from before a change are kept, and for how long."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from desktop.tools.protocol import Called, CallFailed
from plugins.errors import KnownError
from plugins.tools.files.kept import KEPT_DAYS, digest, keep, kept_folder
from tests.desktop.tools.calling import Calls


def test_what_a_file_held_is_kept_before_each_change(calls: Calls, granted: Path) -> None:
    before = (granted / "notes.txt").read_bytes()

    calls.text("write_file", path="notes.txt", text="new", writable=granted)

    copy = kept_folder() / digest(before)
    assert copy.read_bytes() == before
    assert copy.stat().st_mode & 0o777 == 0o600


def test_old_copies_go_and_needed_ones_stay() -> None:
    old, needed = keep(b"old"), keep(b"needed")
    long_ago = time.time() - (KEPT_DAYS + 1) * 86400
    for name in (old, needed):
        os.utime(kept_folder() / name, (long_ago, long_ago))

    keep(b"needed")

    names = os.listdir(kept_folder())
    assert needed in names and old not in names


def test_nothing_is_changed_where_no_copy_can_be_kept(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "medley").write_text("a file where the folder should be")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))

    with pytest.raises(KnownError, match="nothing was changed"):
        keep(b"data")


def test_a_damaged_copy_is_not_put_back(calls: Calls, granted: Path) -> None:
    data = (granted / "trips" / "rome.md").read_bytes()
    called = calls.call("delete_file", path="trips/rome.md", writable=granted)
    (kept_folder() / digest(data)).write_bytes(b"rotten")

    refused = calls.undo("delete_file", called, writable=granted)

    assert isinstance(called, Called)
    assert isinstance(refused, CallFailed) and "is damaged" in str(refused.problem)
    assert not (granted / "trips" / "rome.md").exists()
