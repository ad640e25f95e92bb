"""A window that is killed in real turns, with its worker or without, loses nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.desktop.kills import soak

KILLS = 4


@pytest.mark.slow
def test_nothing_that_was_shown_is_lost_by_kills_in_real_turns(tmp_path: Path) -> None:
    found = soak(tmp_path, KILLS, seed=3)

    assert found.wrong == []
    assert found.shown > KILLS
    assert len(found.killed) > 1
