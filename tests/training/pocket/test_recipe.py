"""The recipe: media by modality, batches shared by processes, and a small copy."""

from __future__ import annotations

from dataclasses import fields

import pytest

from training.pocket.recipe import Recipe


def test_media_by_modality() -> None:
    recipe = Recipe(pictures=3, sounds=2, clips=1, composed_clips=7)

    assert recipe.media == {"image": 3, "audio": 2, "video": 1}
    assert recipe.composed_media["video"] == 7


@pytest.mark.parametrize("processes", [2, 3, 1000])
def test_processes_share_batches_and_nothing_else(processes: int) -> None:
    whole, part = Recipe(), Recipe().shared(processes)

    for field in fields(Recipe):
        before, now = getattr(whole, field.name), getattr(part, field.name)
        if field.name.endswith("_batch"):
            assert now == max(1, before // processes)
        else:
            assert now == before


def test_the_small_recipe_is_smaller_in_every_count() -> None:
    whole, small = Recipe(), Recipe().shrunk()

    for field in fields(Recipe):
        if field.name.endswith(("_steps", "_batch", "pictures", "sounds", "clips")):
            assert getattr(small, field.name) < getattr(whole, field.name), field.name
