"""The example plugin: its text encoder, its drawings, and the way it is found."""

from __future__ import annotations

import itertools
import tomllib
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from plugins.api import Condition, Decoder, Recipe, Renderer
from plugins.bus import Bus
from plugins.errors import KnownError
from plugins.manifest import discover, load
from plugins.media_files import read_recipe
from plugins.rerender import rerender
from plugins.stage import RenderStage
from tests import sketches
from tests.sketches import Measured, measure

WISHES = {
    "a big red circle on the left": Measured("circle", "red", "big", "left"),
    "a small blue star at the top": Measured("star", "blue", "small", "top"),
    "a green triangle": Measured("triangle", "green", "medium", "middle"),
    "a tiny brown square at the bottom": Measured("square", "brown", "small", "bottom"),
    "a huge purple disc on the right": Measured("circle", "purple", "big", "right"),
    "something": Measured("circle", "black", "medium", "middle"),
}


@pytest.fixture(autouse=True)
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sketches.install(tmp_path / "site", monkeypatch)


@pytest.fixture
def renderer() -> Renderer:
    found = discover({"sketch"}).renderer("sketch.svg")
    return load(found)(Decoder(Path(), "test"))


@pytest.fixture
def words() -> Iterator[ModuleType]:
    from medley_sketch import words as module

    yield module


def drawn(renderer: Renderer, condition: Condition, seed: int = 0, **parameters: float) -> bytes:
    return renderer.render(condition, parameters, RenderStage(seed)).data


@pytest.mark.parametrize("caption", WISHES)
@pytest.mark.parametrize("wobble", [0.0, 0.3, 1.0])
def test_a_sketch_shows_what_the_caption_says(
    renderer: Renderer, caption: str, wobble: float
) -> None:
    data = drawn(renderer, Condition(caption=caption), wobble=wobble)

    assert measure(data) == WISHES[caption]


def test_every_combination_can_be_told_apart(renderer: Renderer, words: ModuleType) -> None:
    wishes = list(itertools.product(*words.SLOTS.values()))
    captions = [" ".join(w for w in wish if w != "medium") for wish in wishes]
    targets = renderer.condition_targets(captions)

    seen = [measure(drawn(renderer, Condition({"embeds": target}))) for target in targets]

    assert seen == [Measured(*wish) for wish in wishes]


def test_a_rough_condition_still_gives_the_right_sketch(renderer: Renderer) -> None:
    rng = np.random.default_rng(0)
    (target,) = renderer.condition_targets(["a big red star on the left"])
    rough = target + 0.1 * rng.standard_normal(target.shape).astype(np.float32)

    assert measure(drawn(renderer, Condition({"embeds": rough}))).shape == "star"
    assert measure(drawn(renderer, Condition({"embeds": rough}))).colour == "red"


def test_the_seed_moves_the_hand_and_nothing_else(renderer: Renderer) -> None:
    wish = Condition(caption="a red star")
    assert drawn(renderer, wish, 1) == drawn(renderer, wish, 1)
    assert drawn(renderer, wish, 1) != drawn(renderer, wish, 2)
    assert measure(drawn(renderer, wish, 1)) == measure(drawn(renderer, wish, 2))


@pytest.mark.parametrize("embedding", [np.zeros((3, 16)), np.full((4, 16), np.nan)])
def test_a_condition_of_another_shape_is_refused(
    renderer: Renderer, embedding: np.ndarray[tuple[int, ...], np.dtype[np.float64]]
) -> None:
    with pytest.raises(KnownError, match=r"expected a condition of \[4, 16\]"):
        drawn(renderer, Condition({"embeds": embedding.astype(np.float32)}))


def test_a_sketch_carries_its_recipe_and_is_made_again_from_it(
    renderer: Renderer, tmp_path: Path
) -> None:
    (target,) = renderer.condition_targets(["a red <star> & more"])
    data = drawn(renderer, Condition({"embeds": target}), 5)
    file = tmp_path / "sketch.svg"
    file.write_bytes(data)

    recipe = read_recipe(file)

    assert isinstance(recipe, Recipe) and recipe.seed == 5
    bus = Bus()
    bus.register(renderer)
    assert rerender(recipe, bus).data == data
    bus.close()


def test_an_svg_of_somebody_else_has_no_recipe(tmp_path: Path) -> None:
    file = tmp_path / "other.svg"
    file.write_text('<svg xmlns="http://www.w3.org/2000/svg"><metadata>x</metadata></svg>')

    with pytest.raises(KnownError, match="found none"):
        read_recipe(file)


def test_the_plugin_is_off_until_it_is_switched_on() -> None:
    found = discover().renderer("sketch.svg")

    with pytest.raises(KnownError, match="medley plugins enable sketch"):
        load(found)


def test_the_packages_entry_point_is_the_installed_one() -> None:
    project = tomllib.loads((sketches.EXAMPLE / "pyproject.toml").read_text("utf-8"))["project"]

    assert project["entry-points"]["medley.plugins"] == {"sketch": "medley_sketch"}
