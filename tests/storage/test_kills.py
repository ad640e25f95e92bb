"""A process that is killed at any moment loses nothing that it had shown."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.storage.kills import soak

KILLS = 12


@pytest.mark.slow
def test_nothing_that_was_shown_is_lost_by_a_kill(tmp_path: Path) -> None:
    seen, wrong = soak(tmp_path / "library.db", KILLS, seed=5)

    assert wrong == []
    assert seen > KILLS
