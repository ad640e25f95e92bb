"""A download that is killed leaves nothing broken and is gone on with."""

from __future__ import annotations

import pytest

from tests.runtime.catalogue.kills import soak
from tests.runtime.catalogue.world import World

KILLS = 3


@pytest.mark.slow
def test_no_kill_leaves_a_broken_model_and_every_download_is_gone_on_with(world: World) -> None:
    found = soak(world, KILLS, seed=5)

    assert found.wrong == []
    assert found.killed.total() == KILLS
