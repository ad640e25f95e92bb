"""Decoders in one file under the names that published checkpoints have, from diffusers' folders.

Legend: L layers of a block.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file

Tensors = dict[str, torch.Tensor]
_TOP = {
    "time_embedding.linear_1": "time_embed.0",
    "time_embedding.linear_2": "time_embed.2",
    "add_embedding.linear_1": "label_emb.0.0",
    "add_embedding.linear_2": "label_emb.0.2",
    "conv_norm_out": "out.0",
    "conv_out": "out.2",
    "conv_in": "input_blocks.0.0",
}
_RESNET = {
    "norm1": "in_layers.0",
    "conv1": "in_layers.2",
    "norm2": "out_layers.0",
    "conv2": "out_layers.3",
    "time_emb_proj": "emb_layers.1",
    "conv_shortcut": "skip_connection",
}
_OPEN_CLIP = {
    "encoder.layers": "transformer.resblocks",
    "layer_norm1": "ln_1",
    "layer_norm2": "ln_2",
    "mlp.fc1": "mlp.c_fc",
    "mlp.fc2": "mlp.c_proj",
    "self_attn.out_proj": "attn.out_proj",
    "embeddings.token_embedding": "token_embedding",
    "embeddings.position_embedding.weight": "positional_embedding",
    "final_layer_norm": "ln_final",
}


def write(folder: Path, file: Path) -> Path:
    """A checkpoint of a Stable Diffusion folder, XL or not."""
    xl = (folder / "text_encoder_2").is_dir()
    parts = {
        "model.diffusion_model.": unet(_weights(folder / "unet")),
        "first_stage_model.": vae(_weights(folder / "vae")),
    }
    clip = {_old(name): tensor for name, tensor in _weights(folder / "text_encoder").items()}
    where = "conditioner.embedders.0." if xl else "cond_stage_model."
    parts[f"{where}transformer.text_model."] = clip
    if xl:
        second = open_clip(_weights(folder / "text_encoder_2"))
        parts["conditioner.embedders.1.model."] = second
    tensors = {
        f"{prefix}{name}": tensor.contiguous()
        for prefix, part in parts.items()
        for name, tensor in part.items()
    }
    save_file(tensors, file)
    return file


def unet(weights: Mapping[str, torch.Tensor]) -> Tensors:
    """The tensors of a denoiser under their names in a checkpoint."""
    layers = 1 + max(
        int(m[1]) for n in weights if (m := re.match(r"down_blocks\.0\.resnets\.(\d)", n))
    )
    attended = {m[0] for n in weights if (m := re.match(r"up_blocks\.\d\.attentions", n))}
    return {_unet_name(name, layers, attended): tensor for name, tensor in weights.items()}


def _unet_name(name: str, layers: int, attended: set[str]) -> str:
    for new, old in _TOP.items():
        if name.startswith(f"{new}."):
            return name.replace(new, old, 1)
    kind, number, part, index, rest = re.match(  # type: ignore[union-attr]
        r"(down_blocks|up_blocks|mid_block)\.?(\d*)\.(\w+)\.(\d+)\.(.*)", name
    ).groups()
    i, j = int(number or 0), int(index)
    if part == "resnets":
        first, _, last = rest.partition(".")
        rest = f"{_RESNET[first]}.{last}"
    behind = 1 if part == "attentions" else 0
    if kind == "mid_block":
        return f"middle_block.{1 if behind else 2 * j}.{rest}"
    if kind == "down_blocks":
        if part == "downsamplers":
            return f"input_blocks.{(layers + 1) * (i + 1)}.0.op.{rest.removeprefix('conv.')}"
        return f"input_blocks.{(layers + 1) * i + j + 1}.{behind}.{rest}"
    if part == "upsamplers":
        place = 2 if f"up_blocks.{i}.attentions" in attended else 1
        return f"output_blocks.{(layers + 1) * i + layers}.{place}.{rest}"
    return f"output_blocks.{(layers + 1) * i + j}.{behind}.{rest}"


def vae(weights: Mapping[str, torch.Tensor]) -> Tensors:
    """The tensors of a VAE under their names in a checkpoint."""
    levels = 1 + max(int(m[1]) for n in weights if (m := re.match(r"decoder\.up_blocks\.(\d)", n)))
    found: Tensors = {}
    for name, tensor in weights.items():
        old = name.replace("conv_shortcut", "nin_shortcut").replace("conv_norm_out", "norm_out")
        old = re.sub(r"down_blocks\.(\d)\.resnets\.(\d)", r"down.\1.block.\2", old)
        old = re.sub(r"down_blocks\.(\d)\.downsamplers\.0", r"down.\1.downsample", old)
        old = re.sub(
            r"up_blocks\.(\d)\.resnets\.(\d)",
            lambda m: f"up.{levels - 1 - int(m[1])}.block.{m[2]}",
            old,
        )
        old = re.sub(
            r"up_blocks\.(\d)\.upsamplers\.0",
            lambda m: f"up.{levels - 1 - int(m[1])}.upsample",
            old,
        )
        old = re.sub(r"mid_block\.resnets\.(\d)", lambda m: f"mid.block_{int(m[1]) + 1}", old)
        if "mid_block.attentions.0" in old:
            old = old.replace("mid_block.attentions.0", "mid.attn_1")
            for new, short in {
                "group_norm": "norm", "to_q": "q", "to_k": "k", "to_v": "v", "to_out.0": "proj_out",
            }.items():  # fmt: skip
                old = old.replace(f".{new}.", f".{short}.")
            if tensor.ndim == 2:
                tensor = tensor[:, :, None, None]
        found[old] = tensor
    return found


def open_clip(weights: Mapping[str, torch.Tensor]) -> Tensors:
    """The tensors of the second text encoder of Stable Diffusion XL, as OpenCLIP names them."""
    found: Tensors = {}
    for name, tensor in weights.items():
        old = _old(name)
        if old == "text_projection.weight":
            found["text_projection"] = tensor.T
            continue
        for new, short in _OPEN_CLIP.items():
            old = old.replace(new, short)
        if match := re.match(r"(.*)\.self_attn\.q_proj\.(weight|bias)", old):
            three = [weights[name.replace("q_proj", f"{one}_proj")] for one in "qkv"]
            found[f"{match[1]}.attn.in_proj_{match[2]}"] = torch.cat(three)
        elif "self_attn" not in old:
            found[old] = tensor
    return found


def _old(name: str) -> str:
    return name.removeprefix("text_model.")


def _weights(folder: Path) -> Tensors:
    (file,) = folder.glob("*.safetensors")
    return load_file(file)
