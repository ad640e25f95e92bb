"""The time of the recipe is told stage by stage."""

from __future__ import annotations

from dataclasses import fields

from benchmarks.recipe import SPEED, STEPS, Timed, small
from training.pocket.recipe import STAGES, Recipe


def test_every_stage_with_steps_is_timed() -> None:
    without_steps = {"data", "features", "export"}
    assert {stage.name for stage in STAGES} == {*STEPS, *without_steps}
    assert set(STEPS.values()) <= {field.name for field in fields(Recipe)}


def test_the_small_recipe_keeps_widths_and_batches() -> None:
    recipe = Recipe()
    tried = small(recipe, 12, 0.04)
    assert (tried.stage3_steps, tried.pictures) == (12, 640)
    assert (tried.align_batch, tried.video_batch, tried.lora_rank) == (
        recipe.align_batch, recipe.video_batch, recipe.lora_rank,
    )  # fmt: skip


def test_the_speed_is_read_from_the_last_report_of_a_training() -> None:
    said = (
        "stage 3: step 10/12  loss 0.3 text 0.1  1.90 s/step, 0.0 min left\n"
        "stage 3: step 12/12  loss 0.2 text 0.1  1.25 s/step, 0.0 min left\n"
    )
    assert SPEED.findall(said) == [("12", "1.25")]
    assert Timed("stage3", 100, 1.25, 5.0).seconds == 130.0
