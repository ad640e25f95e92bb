"""What was found of a bundle is known again as long as its manifest stays as it was."""

from __future__ import annotations

from pathlib import Path

import pytest

from plugins.errors import phrase
from runtime.bundle.checks import MANIFEST_FILE
from runtime.self_test import kept
from runtime.self_test.outcomes import SelfTest, StepOutcome


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    (tmp_path / MANIFEST_FILE).write_text("format = 1\n")
    return tmp_path


def found_in(folder: Path, outcome: str = "passed") -> SelfTest:
    step = StepOutcome("see", outcome, phrase("It sees."), 1, 1)  # type: ignore[arg-type]
    return SelfTest("tiny", kept.manifest_hash(folder), (step,), "2026-11-29", decode_per_s=12.0)


def test_a_changed_manifest_was_not_tested(folder: Path) -> None:
    assert kept.of(folder) is None
    kept.keep(found_in(folder))
    assert kept.of(folder) == found_in(folder)
    (folder / MANIFEST_FILE).write_text("format = 2\n")
    assert kept.of(folder) is None
    (folder / MANIFEST_FILE).unlink()
    assert kept.of(folder) is None


def test_the_newest_outcome_counts(folder: Path) -> None:
    for outcome, sees in (("failed", False), ("passed", True), ("not applicable", None)):
        kept.keep(found_in(folder, outcome))
        found = kept.of(folder)
        assert found is not None and found.sees is sees and found.ok is (sees is not False)


def test_a_broken_file_is_as_if_there_was_none(folder: Path) -> None:
    kept.keep(found_in(folder))
    (file,) = (folder / "data").rglob("*.json")
    for data in (b"", b"[]", b"x" * (2 << 20)):
        file.write_bytes(data)
        assert kept.of(folder) is None


def test_a_disk_that_takes_nothing_costs_no_error(folder: Path) -> None:
    (folder / "data").write_text("a file in the way")
    kept.keep(found_in(folder))
    assert kept.of(folder) is None
