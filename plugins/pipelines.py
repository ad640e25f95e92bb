"""The diffusers pipelines that the built-in renderers run: one row of a table for each class.

A row says what a pipeline makes, which arrays condition it, what its call's arguments are called
and which settings it wants. Knows no torch and no diffusers, so that a folder can be recognised
without importing them.

Legend: P positions of the text, n any number of them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal

Json = Mapping[str, Any]
Read = Callable[[str], Json]
"""Reads a JSON file of a decoder by its path in the folder; an empty one where it is not there."""

_TEXT: Final = ("text_encoder", "tokenizer")
_MASKED: Final = {
    "embeds": ("prompt_embeds", "negative_prompt_embeds"),
    "mask": ("prompt_attention_mask", "negative_prompt_attention_mask"),
}
_EMBEDS: Final = {"embeds": ("prompt_embeds", "negative_prompt_embeds")}


@dataclass(frozen=True)
class Reading:
    """How a class reads captions with a language model that people also talk to."""

    architecture: str
    layers: tuple[int, ...]
    """How many layers each state went through; below 0 from the end, -1 being all."""
    thinks: bool
    padded: bool


@dataclass(frozen=True)
class Pipeline:
    """One class of diffusers. Every default is what the class's published models want."""

    name: str
    """Of the class, as `model_index.json` has it."""
    modality: Literal["image", "audio", "video"]
    width_from: tuple[str, str] = ("unet", "cross_attention_dim")
    """Component and setting that say how wide `embeds` is; empty where captions alone drive it."""
    positions: int | None = 0
    """P; 0: as many as the tokenizer takes; None: `embeds` is one vector."""
    any_length: bool = False
    """Whether n positions will do, as many as a caption has tokens, and at most P."""
    as_list: bool = False
    """Whether the call takes `embeds` as a list with one entry for each picture."""
    capped: bool = False
    """Whether P is the tokenizer's where that takes fewer."""
    denoiser: str = "unet"
    text: tuple[str, ...] = _TEXT
    """Components that are needed for captions alone."""
    others: tuple[str, ...] = ("vae", "scheduler")
    """Components beside the denoiser and the text's."""
    arrays: Mapping[str, tuple[str, str]] = field(default_factory=lambda: _EMBEDS)
    """By array, the call's argument for what is wanted and for what is not; empty for none."""
    encoded: tuple[str, ...] = ("embeds",)
    """The arrays, in the order in which the class's own encoding of a prompt gives them."""
    reads: Reading | None = None  # None: its text encoders are made for decoders alone.
    encode: str = "encode_prompt"
    """That method; empty where the class gives no arrays."""
    unwanted: Literal["empty", "zeros", "paired", "none"] = "empty"
    """What is not wanted: the empty caption, zeros, what the class makes for the wanted one, or
    nothing that could be given."""
    stand_ins: tuple[str, ...] = ()
    """Components whose type of numbers is asked of although they are not needed."""
    own_precision: bool = False
    """Whether the class brings latents to the type of numbers that the `vae` has."""
    steps: int = 50
    guidance: float = 7.5
    guided_above: float = 1.0
    """Up to here there is no guidance, so nothing unwanted is computed."""
    size: tuple[int, int] = (0, 0)
    """Width and height in pixels; 0: what the denoiser was trained for."""
    multiple: int = 8
    """Of pixels."""
    frames: int = 0
    fps: int = 0
    rate_argument: str = ""
    """The call's argument for frames a second."""
    seconds: float = 0.0
    """Of a sound; 0: what the denoiser was trained for."""
    most_seconds: float = 30.0
    seconds_argument: str = "audio_length_in_s"
    rate: tuple[str, str] = ("vae", "sampling_rate")
    """Component and setting that say how many samples a second a sound has."""
    output: Literal["images", "audios", "frames"] = "images"
    step_end: bool = True
    """Whether steps are told by `callback_on_step_end`; else by `callback`."""
    preview: bool = True
    """Whether unfinished latents can be shown."""
    changes: tuple[str, str] = ("", "")
    """Classes that change a picture, as a whole and within a mask; empty where there is none."""

    @property
    def needed(self) -> tuple[str, ...]:
        """Components that a decoder of this class must list."""
        return (*self.others, *self.text, self.denoiser)

    def width(self, read: Read) -> int:
        """How wide `embeds` is, as the decoder's configuration says; 0 where it does not."""
        component, setting = self.width_from
        width = read(f"{component}/config.json").get(setting) if component else None
        return _size(width)

    def condition_shape(self, read: Read) -> tuple[int, ...]:
        """The shape of `embeds`, as the decoder's configuration says; empty where it does not,
        and where it has no fixed one."""
        width = self.width(read)
        if not width or self.any_length:
            return ()
        positions = self.positions
        if positions == 0 or self.capped:
            taken = _size(read("tokenizer/tokenizer_config.json").get("model_max_length"))
            positions = min(taken, positions) if taken and positions else taken or positions
        if self.positions is None:
            return (width,)
        return (positions, width) if positions else ()


def _size(value: Any) -> int:
    return value if type(value) is int and 0 < value < 1 << 20 else 0


_TABLE: Final = (
    Pipeline(
        "StableDiffusionPipeline",
        "image",
        changes=("StableDiffusionImg2ImgPipeline", "StableDiffusionInpaintPipeline"),
    ),
    Pipeline(
        "LatentConsistencyModelPipeline",
        "image",
        arrays={"embeds": ("prompt_embeds", "")},
        unwanted="none",
        steps=4,
        guidance=8.5,
        changes=("LatentConsistencyModelImg2ImgPipeline", ""),
    ),
    Pipeline(
        "StableDiffusionXLPipeline",
        "image",
        text=("text_encoder", "tokenizer", "text_encoder_2", "tokenizer_2"),
        arrays={
            **_EMBEDS,
            "pooled": ("pooled_prompt_embeds", "negative_pooled_prompt_embeds"),
        },
        encoded=("embeds", "", "pooled"),
        steps=30,
        guidance=5.0,
        changes=("StableDiffusionXLImg2ImgPipeline", "StableDiffusionXLInpaintPipeline"),
    ),
    Pipeline(
        "SanaSprintPipeline",
        "image",
        width_from=("transformer", "caption_channels"),
        positions=300,
        denoiser="transformer",
        arrays={"embeds": ("prompt_embeds", ""), "mask": ("prompt_attention_mask", "")},
        encoded=("embeds", "mask"),
        unwanted="none",
        own_precision=True,
        steps=2,
        guidance=4.5,
        size=(1024, 1024),
        multiple=32,
        changes=("SanaSprintImg2ImgPipeline", ""),
    ),
    Pipeline(
        "PixArtSigmaPipeline",
        "image",
        width_from=("transformer", "caption_channels"),
        positions=300,
        denoiser="transformer",
        arrays=_MASKED,
        encoded=("embeds", "mask"),
        steps=20,
        guidance=4.5,
        step_end=False,
    ),
    Pipeline(
        "ZImagePipeline",
        "image",
        width_from=("transformer", "cap_feat_dim"),
        positions=512,
        any_length=True,
        as_list=True,
        denoiser="transformer",
        reads=Reading("qwen3", (-2,), thinks=True, padded=False),
        own_precision=True,
        steps=9,
        guidance=0.0,
        guided_above=0.0,
        size=(1024, 1024),
        multiple=16,
        changes=("ZImageImg2ImgPipeline", "ZImageInpaintPipeline"),
    ),
    Pipeline(
        "Flux2KleinPipeline",
        "image",
        width_from=("transformer", "joint_attention_dim"),
        positions=512,
        denoiser="transformer",
        reads=Reading("qwen3", (9, 18, 27), thinks=False, padded=True),
        steps=4,
        guidance=1.0,
        size=(1024, 1024),
        multiple=16,
        preview=False,
        changes=("Flux2KleinPipeline", "Flux2KleinInpaintPipeline"),
    ),
    Pipeline(
        "AudioLDMPipeline",
        "audio",
        width_from=("unet", "projection_class_embeddings_input_dim"),
        positions=None,
        others=("vae", "scheduler", "vocoder"),
        encode="_encode_prompt",
        stand_ins=("text_encoder",),
        rate=("vocoder", "sampling_rate"),
        output="audios",
        step_end=False,
    ),
    Pipeline(
        "AudioLDM2Pipeline",
        "audio",
        width_from=("text_encoder_2", "d_model"),
        positions=512,
        any_length=True,
        text=(
            "text_encoder",
            "tokenizer",
            "text_encoder_2",
            "tokenizer_2",
            "projection_model",
            "language_model",
        ),
        others=("vae", "scheduler", "vocoder"),
        arrays={
            **_EMBEDS,
            "mask": ("attention_mask", "negative_attention_mask"),
            "generated": ("generated_prompt_embeds", "negative_generated_prompt_embeds"),
        },
        encoded=("embeds", "mask", "generated"),
        unwanted="paired",
        stand_ins=("text_encoder_2", "language_model"),
        steps=200,
        guidance=3.5,
        seconds=10.24,
        rate=("vocoder", "sampling_rate"),
        output="audios",
        step_end=False,
    ),
    Pipeline(
        "StableAudioPipeline",
        "audio",
        width_from=("projection_model", "text_encoder_dim"),
        denoiser="transformer",
        others=("vae", "scheduler", "projection_model"),
        arrays={
            "embeds": ("prompt_embeds", "negative_prompt_embeds"),
            "mask": ("attention_mask", "negative_attention_mask"),
        },
        encoded=("embeds", "mask"),
        encode="",
        unwanted="none",
        steps=100,
        guidance=7.0,
        seconds=10.0,
        most_seconds=47.0,
        seconds_argument="audio_end_in_s",
        output="audios",
        step_end=False,
        preview=False,
    ),
    Pipeline(
        "StableAudio3Pipeline",
        "audio",
        width_from=("transformer", "cond_token_dim"),
        positions=256,
        capped=True,
        denoiser="transformer",
        others=("vae", "scheduler", "duration_embedder"),
        arrays={
            "embeds": ("prompt_embeds", "negative_prompt_embeds"),
            "mask": ("encoder_attention_mask", "negative_encoder_attention_mask"),
        },
        encoded=("embeds", "mask"),
        steps=8,
        guidance=1.0,
        seconds=10.0,
        most_seconds=380.0,
        seconds_argument="duration",
        output="audios",
        preview=False,
    ),
    Pipeline(
        "AceStepPipeline",
        "audio",
        width_from=("", ""),
        denoiser="transformer",
        text=(),
        others=("vae", "scheduler", "condition_encoder", "text_encoder", "tokenizer"),
        arrays={},
        encoded=(),
        encode="",
        unwanted="none",
        steps=8,
        guidance=7.0,
        seconds=30.0,
        most_seconds=600.0,
        seconds_argument="audio_duration",
        output="audios",
        preview=False,
    ),
    Pipeline(
        "TextToVideoSDPipeline",
        "video",
        frames=24,
        fps=8,
        output="frames",
        step_end=False,
    ),
    Pipeline(
        "AnimateDiffPipeline",
        "video",
        others=("vae", "scheduler", "motion_adapter"),
        frames=16,
        fps=8,
        output="frames",
    ),
    Pipeline(
        "WanPipeline",
        "video",
        width_from=("transformer", "text_dim"),
        positions=512,
        denoiser="transformer",
        own_precision=True,
        guidance=5.0,
        size=(832, 480),
        multiple=16,
        frames=81,
        fps=16,
        output="frames",
        preview=False,
    ),
    Pipeline(
        "LTXPipeline",
        "video",
        width_from=("transformer", "caption_channels"),
        positions=128,
        denoiser="transformer",
        arrays=_MASKED,
        encoded=("embeds", "mask"),
        own_precision=True,
        guidance=3.0,
        size=(704, 512),
        multiple=32,
        frames=161,
        fps=25,
        rate_argument="frame_rate",
        output="frames",
        preview=False,
    ),
)
PIPELINES: Final[Mapping[str, Pipeline]] = {row.name: row for row in _TABLE}
"""Every row, by the name of its class."""


def is_distilled(row: Pipeline, read: Read) -> bool:
    """Whether guidance is part of this decoder's weights, so that its class computes none."""
    if row.name == "Flux2KleinPipeline":
        return bool(read("model_index.json").get("is_distilled"))
    transformer = read("transformer/config.json") if row.name == "AceStepPipeline" else {}
    return bool(transformer.get("is_turbo")) or transformer.get("model_version") == "turbo"


def wanted_settings(row: Pipeline, read: Read) -> dict[str, int | float]:
    """Steps and guidance that this decoder wants: few and none for one that was distilled."""
    scheduler = read("scheduler/scheduler_config.json")
    kind = str(scheduler.get("_class_name", ""))
    if row.name in ("StableDiffusionPipeline", "StableDiffusionXLPipeline", "AnimateDiffPipeline"):
        if kind == "LCMScheduler":
            return {"steps": 4, "guidance": 1.0}
        if kind.startswith("Euler") and scheduler.get("timestep_spacing") == "trailing":
            return {"steps": 4, "guidance": 0.0}
    if row.name == "Flux2KleinPipeline" and not is_distilled(row, read):
        return {"steps": 50, "guidance": 4.0}
    if row.name == "StableAudio3Pipeline" and not scheduler.get("stochastic_sampling"):
        return {"steps": 100, "guidance": 7.0}
    if row.name == "AceStepPipeline":
        distilled = is_distilled(row, read)
        return {"steps": 8 if distilled else 50, "guidance": 1.0 if distilled else row.guidance}
    return {"steps": row.steps, "guidance": row.guidance}
