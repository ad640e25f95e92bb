"""Rendering again from a recipe gives the very same file."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from pathlib import Path

import pytest

from plugins.api import Artifact, Condition
from plugins.bus import Bus
from plugins.errors import KnownError
from plugins.manifest import discover, load
from plugins.media_files import read_recipe
from plugins.rerender import rerender
from plugins.stage import RenderStage, UnlimitedMemory
from tests.plugins.conftest import decoder

MODALITIES = ("image", "audio", "video")


@pytest.fixture
def bus(decoders: Path) -> Iterator[Bus]:
    """The built-in renderers, registered through the public door."""
    made, found = Bus(), discover()
    for modality in MODALITIES:
        manifest = found.renderer(f"medley.{modality}")
        here = decoder(decoders, f"pocket-{modality}")
        made.register(
            lambda manifest=manifest, here=here: load(manifest)(here),
            modality=modality,
            renderer_id=manifest.id,
        )
    yield made
    made.close()


def render(bus: Bus, modality: str, memory: UnlimitedMemory) -> Artifact:
    stage = RenderStage(11, memory=memory)
    condition = Condition(caption="a red boat")
    return bus.submit(modality, condition, {"steps": 3}, stage).result(timeout=60)


@pytest.mark.parametrize("modality", MODALITIES)
def test_a_file_is_made_again_byte_by_byte_from_its_own_recipe(
    bus: Bus, memory: UnlimitedMemory, tmp_path: Path, modality: str
) -> None:
    artifact = render(bus, modality, memory)
    path = tmp_path / f"file{artifact.extension}"
    path.write_bytes(artifact.data)

    again = rerender(read_recipe(path), bus, memory=UnlimitedMemory())

    assert again.data == artifact.data


@pytest.mark.parametrize(
    ("field", "value"), [("renderer", "other.image"), ("renderer_version", "0"), ("bundle", "7b")]
)
def test_a_recipe_of_something_else_is_refused(
    bus: Bus, memory: UnlimitedMemory, field: str, value: str
) -> None:
    recipe = dataclasses.replace(render(bus, "image", memory).recipe, **{field: value})

    with pytest.raises(KnownError, match=f"{value}.*open the bundle that made it"):
        rerender(recipe, bus, memory=memory)


def test_a_recipe_for_a_modality_without_a_renderer_lists_the_known(
    bus: Bus, memory: UnlimitedMemory
) -> None:
    recipe = dataclasses.replace(render(bus, "image", memory).recipe, modality="smell")

    with pytest.raises(KnownError, match="known: audio, image, video"):
        rerender(recipe, bus)
