"""Where things may lie, and how much of it is taken without a wish."""

from __future__ import annotations

import pytest

from runtime.needs.places import Places, default_budget, has_own_memory

GIB = 2**30


def test_without_a_wish_the_budget_is_most_of_what_is_free() -> None:
    assert default_budget(10 * GIB, "cpu") == default_budget(10 * GIB, "mps") == 8 * GIB
    assert default_budget(10 * GIB, "cuda:0") == 9 * GIB


@pytest.mark.parametrize(("device", "own"), [("cpu", False), ("cuda:1", True), ("mps", False)])
def test_only_a_card_has_memory_of_its_own(device: str, own: bool) -> None:
    assert has_own_memory(device) == Places(GIB, device).on_card == own
    assert Places(GIB, device).unified == (device == "mps")


def test_a_card_is_shared_unless_it_has_a_budget_of_its_own() -> None:
    assert Places(GIB, "cuda:0", "CUDA0").shared
    assert not Places(GIB, card="Vulkan0", card_budget=GIB).shared
    assert not Places(GIB, "cuda:0").shared
