"""Every class of the table draws, sounds and films what diffusers does by itself for the seed."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import diffusers
import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from plugins.api import Artifact, Condition, Decoder, ParameterValue, Recipe
from plugins.builtin import loading, text
from plugins.builtin.audio import AudioRenderer
from plugins.builtin.diffusion import DiffusionRenderer
from plugins.builtin.image import ImageRenderer
from plugins.builtin.video import VideoRenderer
from plugins.errors import KnownError
from plugins.pipelines import PIPELINES
from plugins.stage import RenderStage, UnlimitedMemory
from runtime.composition.decoder import own_decoder
from runtime.local_models.decoders import UNUSED, decoder_folder
from runtime.local_models.found import DecoderFacts
from tests import tiny_pipelines

CAPTION = "a red boat"
PICTURE = {"steps": 2, "width": 16, "height": 16}
SETTINGS: dict[str, dict[str, int | float]] = {
    "StableDiffusionXLPipeline": PICTURE,
    "LatentConsistencyModelPipeline": PICTURE,
    "SanaSprintPipeline": {**PICTURE, "width": 32, "height": 32},
    "PixArtSigmaPipeline": PICTURE,
    "ZImagePipeline": {**PICTURE, "width": 32, "guidance": 3.0},
    "Flux2KleinPipeline": {**PICTURE, "width": 32, "guidance": 3.0},
    "AudioLDM2Pipeline": {"steps": 2, "seconds": 0.1},
    "StableAudioPipeline": {"steps": 2, "seconds": 0.2},
    "StableAudio3Pipeline": {"steps": 2, "seconds": 0.1, "guidance": 3.0},
    "AceStepPipeline": {"steps": 2, "seconds": 0.5},
    "AnimateDiffPipeline": {**PICTURE, "frames": 3},
    "WanPipeline": {**PICTURE, "width": 32, "frames": 5},
    "LTXPipeline": {**PICTURE, "width": 32, "height": 32, "frames": 9},
}
"""What makes them quick, with guidance where the class knows it."""
RENDERERS: dict[str, type[DiffusionRenderer]] = {
    "image": ImageRenderer,
    "audio": AudioRenderer,
    "video": VideoRenderer,
}
every_class = pytest.mark.parametrize("name", SETTINGS)


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder of one decoder of each class, by its name."""
    folder = tmp_path_factory.mktemp("classes")
    for name in SETTINGS:
        tiny_pipelines.write(name, folder / name)
    return folder


def keeping(written: Path, name: str, **settings: Any) -> Any:
    """A renderer that keeps what its pipeline made, before it becomes a file."""

    class Keeping(RENDERERS[PIPELINES[name].modality]):  # type: ignore[misc]
        made: NDArray[Any]

        def artifact(
            self, output: NDArray[Any], values: Mapping[str, ParameterValue], recipe: Recipe
        ) -> Artifact:
            self.made = output
            return super().artifact(output, values, recipe)

    return Keeping(Decoder(written / name, "tiny", settings={**SETTINGS[name], **settings}))


def bare(written: Path, name: str, values: Mapping[str, Any], **further: Any) -> NDArray[Any]:
    """What the class itself makes of the caption."""
    loading.quieten()
    row = PIPELINES[name]
    pipeline = diffusers.DiffusionPipeline.from_pretrained(written / name, local_files_only=True)
    pipeline.set_progress_bar_config(disable=True)
    names = {
        "steps": "num_inference_steps",
        "guidance": "guidance_scale",
        "width": "width",
        "height": "height",
        "frames": "num_frames",
        "seconds": row.seconds_argument,
        "fps": row.rate_argument,
    }
    asked = {names[key]: value for key, value in values.items() if names.get(key)}
    made = pipeline(
        prompt=CAPTION,
        generator=torch.Generator().manual_seed(3),
        output_type="np",
        **asked,
        **further,
    )
    return np.asarray(getattr(made, row.output)[0])


FURTHER: dict[str, dict[str, Any]] = {
    "SanaSprintPipeline": {"use_resolution_binning": False},
    "PixArtSigmaPipeline": {"use_resolution_binning": False},
}
"""Fitting to known shapes is for denoisers of the published sizes."""


@every_class
def test_a_caption_makes_what_the_bare_class_makes(
    written: Path, memory: UnlimitedMemory, name: str
) -> None:
    renderer = keeping(written, name)

    artifact = renderer.render(Condition(caption=CAPTION), {}, RenderStage(3, memory=memory))

    values = artifact.recipe.parameters
    wanted = bare(written, name, values, **FURTHER.get(name, {}))
    assert wanted.shape == renderer.made.shape and wanted.std() > 0
    np.testing.assert_array_equal(renderer.made, wanted)


def arrays_of(renderer: Any, caption: str) -> dict[str, NDArray[np.float32]]:
    """What a caption is encoded as, as a condition's arrays."""
    models = renderer.parts.load("cpu", renderer.row.text)
    found = text.encode(renderer.row, models, [caption])
    return {name: value[0].float().numpy() for name, value in found.items()}


@pytest.mark.parametrize("name", [name for name in SETTINGS if PIPELINES[name].arrays])
def test_arrays_make_what_their_caption_makes(
    written: Path, memory: UnlimitedMemory, name: str
) -> None:
    renderer = keeping(written, name)
    condition = Condition(arrays_of(renderer, CAPTION))

    renderer.render(Condition(caption=CAPTION), {}, RenderStage(3, memory=memory))
    wanted = renderer.made
    again = renderer.render(condition, {}, RenderStage(3, memory=memory))

    np.testing.assert_array_equal(renderer.made, wanted)
    assert Recipe.from_json(again.recipe.to_json()).condition.arrays is not None
    if renderer.natural_shape:
        (target,) = renderer.condition_targets([CAPTION])
        np.testing.assert_array_equal(target, condition.embeds)


@every_class
def test_its_folder_is_known_and_composed(written: Path, name: str) -> None:
    renderer = keeping(written, name)

    found = decoder_folder(written / name)
    part = own_decoder(found)

    facts = found.facts
    assert isinstance(facts, DecoderFacts)
    assert (facts.renderer, facts.modality) == (renderer.id, renderer.modality)
    assert facts.condition_shape == part.spec.condition_shape == renderer.natural_shape
    whole = {path for path in (written / name).rglob("*.*") if path.parent.name not in UNUSED}
    assert set(part.files.values()) == whole


def test_the_text_encoders_are_loaded_for_captions_alone(written: Path) -> None:
    renderer, memory = keeping(written, "LTXPipeline", guidance=1.0), UnlimitedMemory()
    arrays = arrays_of(renderer, CAPTION)

    renderer.render(Condition(arrays), {}, RenderStage(3, memory=memory))
    assert renderer._unwanted == {}
    renderer.render(Condition(arrays), {"guidance": 3.0}, RenderStage(3, memory=memory))

    assert list(renderer._unwanted) == ["cpu"]


def test_what_a_projection_does_not_give_has_a_stand_in(
    written: Path, memory: UnlimitedMemory
) -> None:
    for name in ("StableDiffusionXLPipeline", "PixArtSigmaPipeline"):
        renderer = keeping(written, name)
        embeds = arrays_of(renderer, CAPTION)["embeds"]
        made = renderer.render(Condition({"embeds": embeds}), {}, RenderStage(3, memory=memory))
        assert made.modality == "image"


@pytest.mark.parametrize(
    ("name", "change", "words"),
    [
        ("AudioLDM2Pipeline", {"generated": None}, "found no generated"),
        ("LTXPipeline", {"pooled": np.zeros(3, np.float32)}, "found pooled among them"),
    ],
)
def test_arrays_that_do_not_fit_the_class_are_named(
    written: Path, memory: UnlimitedMemory, name: str, change: dict[str, Any], words: str
) -> None:
    renderer = keeping(written, name)
    arrays = {k: v for k, v in (arrays_of(renderer, CAPTION) | change).items() if v is not None}

    with pytest.raises(KnownError, match=words):
        renderer.render(Condition(arrays), {}, RenderStage(3, memory=memory))


def test_a_class_without_a_fixed_shape_cannot_be_aligned_to(written: Path) -> None:
    with pytest.raises(KnownError, match="found ZImagePipeline, which has none"):
        keeping(written, "ZImagePipeline").condition_targets([CAPTION])
