"""Builds the pipeline of one rendering and the arguments of its call.

Knows diffusers' classes by the rows of `plugins.pipelines` and by the signatures that they have.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import diffusers  # noqa: TID253
import torch  # noqa: TID253

from plugins.api import ParameterValue, Stage
from plugins.builtin import loading
from plugins.builtin.text import Absent, Arrays, Models
from plugins.pipelines import Pipeline

PREVIEW_EVERY = 4
"""Steps from one preview to the next."""
MOST_AT_ONCE = 1 << 21
"""Pixels of a clip that a VAE decodes at once; of more, it decodes frame by frame."""
MOST_UNTILED = 1 << 21
"""Pixels of one picture or frame that a VAE decodes at once; of more, it decodes tiles."""
_BINNED = {"SanaSprintPipeline": (32,), "PixArtSigmaPipeline": (32, 64, 128, 256)}
"""Sizes that a denoiser was trained for, with which its class fits a picture to known shapes."""


@dataclass
class Reporter:
    """Tells the stage about each step of one pipeline call, with a preview now and then."""

    stage: Stage
    steps: int
    preview: Callable[[torch.Tensor], bytes | None]
    """Shows unfinished latents; None where they cannot be shown."""
    done: int = field(default=0, init=False)

    def step(self, latents: torch.Tensor, of: int | None = None) -> None:
        """One more step is done. Raises `Cancelled` when the stage asks to stop.

        Schedulers that take extra steps are counted in `of`.
        """
        of = self.steps if of is None else of
        self.done = min(self.done + 1, of)
        wanted = self.stage.wants_preview and self.done % PREVIEW_EVERY == 0 and self.done < of
        self.stage.progress(self.done, of, self.preview(latents) if wanted else None)


def new_pipeline(row: Pipeline, models: Models, index: Mapping[str, Any], name: str = "") -> Any:
    """A pipeline for one rendering, with a scheduler of its own; the models are shared.

    Args:
        row: of the pipeline.
        models: the decoder's components without those of its text, unless it needs them.
        index: the decoder's `model_index.json`, with settings of the class.
        name: of the class, or of another one with the same components that changes pictures.
    """
    cls = loading.pipeline_class(name)
    shared = models["scheduler"]
    # Stable Diffusion demands these two of every scheduler; it would set them with a warning.
    demanded = row.name == "StableDiffusionPipeline"
    settings = {"steps_offset": 1, "clip_sample": False} if demanded else {}
    scheduler = type(shared).from_config(shared.config, **settings)
    parameters = inspect.signature(cls.__init__).parameters
    components: dict[str, Any] = {
        one: models.get(one)
        for one, parameter in parameters.items()
        if one != "self" and (one in models or parameter.default is parameter.empty)
    }
    components |= {
        one: value
        for one, value in index.items()
        if one in parameters and not isinstance(value, list)
    }
    denoiser = models[row.denoiser]
    for absent in row.stand_ins:
        if components.get(absent) is None:
            components[absent] = Absent(denoiser.device, denoiser.dtype)
    for switch in ("requires_safety_checker", "add_watermarker"):
        if switch in parameters:
            components[switch] = False
    pipeline = cls(**components | {"scheduler": scheduler})
    pipeline.set_progress_bar_config(disable=True)
    return pipeline


def joined(models: Models) -> Models:
    """Components as the pipeline uses them: a U-Net for pictures with its motion adapter becomes
    one for clips."""
    adapter, unet = models.get("motion_adapter"), models.get("unet")
    if adapter is None or unet is None or isinstance(unet, diffusers.UNetMotionModel):
        return models
    clips = diffusers.UNetMotionModel.from_unet2d(unet, adapter).eval().requires_grad_(False)
    return models | {"unet": clips.to(unet.device, unet.dtype)}


def conditioned(
    row: Pipeline, wanted: Arrays, unwanted: Arrays | None, kind: torch.dtype
) -> dict[str, Any]:
    """The arguments for what is wanted and what is not, in numbers of a kind.

    Args:
        row: of the pipeline.
        wanted: its arrays.
        unwanted: None where there is no guidance.
        kind: of the denoiser's numbers.
    """
    found: dict[str, Any] = {}
    for name, (argument, negative) in row.arrays.items():
        found[argument] = wanted[name]
        if negative and unwanted is not None:
            found[negative] = unwanted[name]
    if row.as_list:
        return {name: [one.to(kind) for one in every] for name, every in found.items()}
    return {n: one.to(kind) if one.is_floating_point() else one for n, one in found.items()}


def common(
    row: Pipeline,
    config: Mapping[str, Any],
    values: Mapping[str, ParameterValue],
    generator: torch.Generator,
) -> dict[str, Any]:
    """The arguments that do not depend on what is made.

    Args:
        row: of the pipeline.
        config: of its denoiser.
        values: of the renderer's parameters.
        generator: draws the noise.
    """
    steps = int(values["steps"])
    found: dict[str, Any] = {
        "num_inference_steps": steps,
        "guidance_scale": float(values["guidance"]),
        "generator": generator,
        "output_type": "np",
    }
    if row.name in _BINNED:
        found["use_resolution_binning"] = config.get("sample_size") in _BINNED[row.name]
    if row.name == "SanaSprintPipeline" and steps != 2:
        found["intermediate_timesteps"] = None
    if row.name == "PixArtSigmaPipeline":
        found["negative_prompt"] = None
    return found


def watched(row: Pipeline, reporter: Reporter) -> dict[str, Any]:
    """The arguments by which a call tells its steps."""

    def at_end(pipeline: Any, _: int, __: Any, state: Mapping[str, Any]) -> dict[str, Any]:
        reporter.step(state["latents"], pipeline.num_timesteps)
        return {}

    def at_once(_: int, __: Any, latents: torch.Tensor) -> None:
        reporter.step(latents)

    return {"callback_on_step_end": at_end} if row.step_end else {"callback": at_once}


@contextmanager
def sparing(vae: Any, width: int, height: int, frames: int = 1) -> Iterator[None]:
    """Has a VAE decode what is large in parts, which takes less memory and a little longer."""
    asked = {
        "tiling": width * height > MOST_UNTILED,
        "slicing": frames > 1 and frames * width * height > MOST_AT_ONCE,
    }
    on = [what for what, wanted in asked.items() if wanted and hasattr(vae, f"enable_{what}")]
    for what in on:
        getattr(vae, f"enable_{what}")()
    try:
        yield
    finally:
        for what in on:
            getattr(vae, f"disable_{what}")()
