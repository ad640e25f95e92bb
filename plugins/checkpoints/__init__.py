"""Decoders in one file, as people share them: which kind one is, and the small configuration files
that diffusers wants beside it.

The folders hold the published configurations of each kind, and CLIP's vocabulary (OpenAI, MIT
licence: `clip/LICENSE`), so that nothing has to be fetched. Knows no torch and no diffusers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from plugins.errors import Problem, phrase

FILE: Final = "checkpoint.safetensors"
"""The name of the one file in a decoder's folder; beside it lie the configuration files."""
KINDS: Final[Mapping[str, str]] = {
    "stable-diffusion-1": "StableDiffusionPipeline",
    "stable-diffusion-xl": "StableDiffusionXLPipeline",
}
"""The class of pipeline of each kind, by the name of its folder here."""
PREFIXES: Final[Mapping[str, tuple[str, ...]]] = {
    "unet": ("model.diffusion_model.",),
    "vae": ("first_stage_model.",),
    "text_encoder": ("cond_stage_model.", "conditioner.embedders.0."),
    "text_encoder_2": ("conditioner.embedders.1.",),
}
"""The beginnings of the names of tensors, by the component that they belong to."""
_FOLDER: Final = Path(__file__).parent
_WIDTHS: Final = {768: "stable-diffusion-1", 2048: "stable-diffusion-xl"}
"""The widths of what a denoiser attends to, by which the kinds differ."""
_ATTENDS: Final = ".attn2.to_k.weight"

Shapes = Mapping[str, Sequence[int]]
"""The shapes of the tensors of a file, by their names."""


def is_checkpoint(shapes: Shapes) -> bool:
    """Whether a file holds a denoiser under the names that checkpoints have."""
    return any(name.startswith(PREFIXES["unet"]) for name in shapes)


def kind_of(shapes: Shapes) -> str | Problem:
    """The kind of a checkpoint, or why Medley cannot use it: what it is, and what to do."""
    width = next((shape[-1] for name, shape in shapes.items() if name.endswith(_ATTENDS)), 0)
    kind = _WIDTHS.get(width)
    if kind is None:
        return phrase(
            "a decoder in one file of a kind that Medley does not open (it opens Stable Diffusion "
            "1 and XL). Get the same model as a folder in diffusers' layout, with a "
            "model_index.json."
        )
    entry = shapes.get("model.diffusion_model.input_blocks.0.0.weight", (0, 0))
    if len(entry) < 2 or entry[1] != 4:
        return phrase(
            "a checkpoint that only fills in parts of a picture. Get the version that draws whole "
            "pictures."
        )
    if "v_pred" in shapes:
        return phrase(
            "a checkpoint that was trained to predict velocities, which its one file does not "
            "describe. Get the same model as a folder in diffusers' layout."
        )
    parts = ["vae", "text_encoder", *(["text_encoder_2"] if kind.endswith("xl") else [])]
    for part in parts:
        if not any(name.startswith(PREFIXES[part]) for name in shapes):
            return phrase(
                "a checkpoint without its {part}. Get the whole one; it is some gigabytes larger.",
                part=part,
            )
    return kind


def configuration(kind: str) -> dict[str, Path]:
    """The files that lie beside a checkpoint, by their path in the decoder's folder."""
    folder = _FOLDER / kind
    found = {path.relative_to(folder).as_posix(): path for path in sorted(folder.rglob("*.json"))}
    for name in ("tokenizer", "tokenizer_2"):
        if f"{name}/tokenizer_config.json" in found:
            for path in sorted((_FOLDER / "clip").iterdir()):
                found[f"{name}/{path.name}"] = path
    return found
