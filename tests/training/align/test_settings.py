"""A resumed run is the same run."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from plugins.errors import KnownError
from training.align.settings import FILE, Settings, read, settle

SETTINGS = Settings("chat.gguf", ("sketch.svg",), ("data",))


def test_a_new_run_keeps_its_settings_and_a_resumed_one_agrees(tmp_path: Path) -> None:
    run = tmp_path / "run"
    settle(SETTINGS, run, resume=False)
    settle(SETTINGS, run, resume=True)

    assert read(run / FILE) == SETTINGS


def test_another_setting_is_named_with_both_values(tmp_path: Path) -> None:
    settle(SETTINGS, tmp_path / "run", resume=False)

    with pytest.raises(KnownError, match="steps 1000, found 5"):
        settle(msgspec.structs.replace(SETTINGS, steps=5), tmp_path / "run", resume=True)


def test_a_folder_with_files_is_neither_overwritten_nor_taken_for_a_run(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("words")

    with pytest.raises(KnownError, match="already holds files"):
        settle(SETTINGS, tmp_path, resume=False)
    with pytest.raises(KnownError, match=f"found files without {FILE}"):
        settle(SETTINGS, tmp_path, resume=True)


def test_broken_settings_are_named(tmp_path: Path) -> None:
    (tmp_path / FILE).write_text("{")

    with pytest.raises(KnownError, match="expected the settings of a run"):
        read(tmp_path / FILE)
