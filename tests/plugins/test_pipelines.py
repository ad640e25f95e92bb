"""The table of pipelines is true of diffusers, and tells what a decoder wants."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from typing import Any

import diffusers
import pytest

from plugins.manifest import discover
from plugins.pipelines import PIPELINES, is_distilled, wanted_settings

every_row = pytest.mark.parametrize("name", PIPELINES)


@every_row
def test_a_rows_names_are_those_of_the_class(name: str) -> None:
    row, cls = PIPELINES[name], getattr(diffusers, name)
    call = set(inspect.signature(cls.__call__).parameters)
    given = {argument for pair in row.arrays.values() for argument in pair if argument}
    given |= {"callback_on_step_end" if row.step_end else "callback", "num_inference_steps"}
    given |= {row.rate_argument} - {""}
    if row.modality == "audio":
        given.add(row.seconds_argument)
    components = set(inspect.signature(cls.__init__).parameters)

    assert given <= call
    assert {*row.needed, *row.stand_ins} <= components
    assert not row.encode or hasattr(cls, row.encode)
    assert all(hasattr(diffusers, one) for one in row.changes if one)
    assert not row.arrays or "embeds" in row.arrays


def test_every_row_is_run_by_the_renderer_of_its_modality() -> None:
    declared = {
        pipeline: renderer.modality
        for plugin in discover().plugins
        for renderer in plugin.renderers
        for pipeline in renderer.pipelines
    }

    assert declared == {name: row.modality for name, row in PIPELINES.items()}


def shape(name: str, **files: Mapping[str, Any]) -> tuple[int, ...]:
    """The condition shape from configurations, which are empty where none is given."""
    return PIPELINES[name].condition_shape(lambda path: files.get(path.partition("/")[0], {}))


def test_shapes_are_read_from_the_denoiser_and_the_tokenizer() -> None:
    tokenizer = {"model_max_length": 77}
    unet = {"cross_attention_dim": 2048}

    assert shape("StableDiffusionXLPipeline", unet=unet, tokenizer=tokenizer) == (77, 2048)
    assert shape("StableDiffusionXLPipeline", unet=unet) == ()
    assert shape("StableDiffusionXLPipeline", tokenizer=tokenizer) == ()
    assert shape("WanPipeline", transformer={"text_dim": 4096}) == (512, 4096)
    assert shape("AudioLDMPipeline", unet={"projection_class_embeddings_input_dim": 512}) == (512,)
    assert shape("ZImagePipeline", transformer={"cap_feat_dim": 2560}) == ()
    assert shape("AceStepPipeline") == ()
    endless = {"model_max_length": 10**30}
    t5gemma = {"cond_token_dim": 768}
    assert shape("StableAudio3Pipeline", transformer=t5gemma, tokenizer=endless) == (256, 768)


@pytest.mark.parametrize(
    ("name", "files", "wanted"),
    [
        ("StableDiffusionPipeline", {}, (50, 7.5)),
        (
            "StableDiffusionXLPipeline",
            {"_class_name": "EulerAncestralDiscreteScheduler", "timestep_spacing": "trailing"},
            (4, 0.0),
        ),
        ("StableDiffusionPipeline", {"_class_name": "LCMScheduler"}, (4, 1.0)),
        ("Flux2KleinPipeline", {"is_distilled": True}, (4, 1.0)),
        ("Flux2KleinPipeline", {}, (50, 4.0)),
        ("AceStepPipeline", {"model_version": "turbo"}, (8, 1.0)),
        ("StableAudio3Pipeline", {"stochastic_sampling": True}, (8, 1.0)),
        ("ZImagePipeline", {}, (9, 0.0)),
    ],
)
def test_distilled_decoders_want_few_steps_and_no_guidance(
    name: str, files: dict[str, Any], wanted: tuple[int, float]
) -> None:
    found = wanted_settings(PIPELINES[name], lambda _: files)

    assert (found["steps"], found["guidance"]) == wanted
    if "is_distilled" in files:
        assert is_distilled(PIPELINES[name], lambda _: files)
