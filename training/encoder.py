"""Pocket's encoder from nothing: ImageBind's binding of pictures, clips and sounds to captions.

Stands in for `imagebind_huge`. The loss is contrastive between a medium and its captions (and
between pictures and sounds of the same thing), helped by linear attribute readers that are thrown
away afterwards. Knows the encoder and Pocketworld; knows no language model.

Legend: B batch, P patch tokens, E embedding width.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import msgspec
import numpy as np
import torch
from safetensors.torch import save_file
from torch import Tensor, nn
from torch.nn import functional
from transformers import CLIPTokenizer

from plugins.errors import BugError
from runtime.encoder import EncoderConfig
from runtime.encoder.config import AudioConfig, TextConfig, VisionConfig
from runtime.encoder.model import ImageBindEncoder
from runtime.encoder.preprocess import audio_tensor, frames_to_video_tensor, image_tensor
from training import decoder_text, world_data
from training.loop import train
from training.pocketworld.captions import canonical, varied
from training.pocketworld.scene import ATTRIBUTES, SHOWN, Scene
from training.recipe import Recipe

MODALITIES = ("image", "video", "audio")
EMBED_DIM = 128


def pocket_config(text_vocab: int) -> EncoderConfig:
    """ImageBind's shape at Pocket's size."""
    return EncoderConfig(
        embed_dim=EMBED_DIM,
        vision=VisionConfig(
            image_size=64, patch=8, frames_per_clip=2, width=128, depth=4, heads=4, clips=1,
            clip_seconds=2.0, crops=1,
        ),
        audio=AudioConfig(
            mel_bins=64, target_frames=204, width=128, depth=3, heads=4, clips=1,
            clip_seconds=2.048, mean=-6.0, std=6.0,
        ),
        text=TextConfig(
            vocab=text_vocab, context=decoder_text.CONTEXT, width=128, depth=2, heads=4
        ),
    )  # fmt: skip


def media_tensors(
    config: EncoderConfig,
    modality: str,
    count: int,
    seed: int,
    data: Path,
    *,
    held_out: bool = False,
) -> tuple[list[Scene], Tensor]:
    """Scenes and the encoder's input for each, float16 [N, ...]."""
    scenes, media = world_data.make(modality, count, seed, data, held_out=held_out)
    return scenes, torch.stack([prepared(config, modality, item) for item in media])


def prepared(config: EncoderConfig, modality: str, item: np.ndarray) -> Tensor:
    """One medium as the encoder takes it, without the batch axis, float16."""
    if config.vision is None or config.audio is None:
        raise BugError("Pocket's encoder has both towers")
    if modality == "image":
        return image_tensor(config.vision, np.asarray(item))[0].half()
    if modality == "video":
        return frames_to_video_tensor(config.vision, np.asarray(item), world_data.CLIP_FPS)[
            0
        ].half()
    return audio_tensor(config.audio, np.asarray(item, dtype=np.float32))[0].half()


class Binding(nn.Module):
    """The encoder with the temperature and attribute readers used in training only."""

    def __init__(self, encoder: ImageBindEncoder) -> None:
        super().__init__()
        self.encoder = encoder
        self.readers = nn.ModuleDict(
            {
                f"{modality}-{name}": nn.Linear(2 * EMBED_DIM, len(ATTRIBUTES[name]))
                for modality, shown in SHOWN.items()
                for name in shown
            }
        )

    def attribute_loss(self, modality: str, features: Tensor, scenes: Sequence[Scene]) -> Tensor:
        """Mean cross-entropy of every shown attribute from [B, 2E] features."""
        losses = []
        for name in SHOWN[modality]:
            reader = self.readers[f"{modality}-{name}"]
            wanted = torch.tensor([ATTRIBUTES[name].index(getattr(s, name)) for s in scenes])
            losses.append(functional.cross_entropy(reader(features), wanted))
        return torch.stack(losses).mean()


def bind(one: Tensor, other: Tensor, keys: Sequence[object], scale: Tensor) -> Tensor:
    """Symmetric contrastive loss; entries with equal keys are all right answers."""
    same = torch.tensor([[a == b for b in keys] for a in keys], dtype=torch.float32)
    target = same / same.sum(dim=1, keepdim=True)
    logits = scale * one @ other.T
    return 0.5 * (
        functional.cross_entropy(logits, target) + functional.cross_entropy(logits.T, target)
    )


def teach(folder: Path, runs: Path, recipe: Recipe) -> None:
    """Train the encoder and save `encoder.safetensors`, `config.json` and its tokenizer."""
    tokenizer = decoder_text.caption_tokenizer(MODALITIES, recipe.seed)
    torch.manual_seed(recipe.seed)
    config = pocket_config(len(tokenizer))
    binding = Binding(ImageBindEncoder(config))
    counts = {"image": recipe.pictures, "video": recipe.clips, "audio": recipe.sounds}
    data = {m: media_tensors(config, m, counts[m], recipe.seed, runs / "data") for m in MODALITIES}

    def loss_of(step: int, rng: np.random.Generator) -> dict[str, Tensor]:
        modality = MODALITIES[step % 3]
        scenes, media = data[modality]
        rows = rng.integers(0, len(scenes), recipe.encoder_batch)
        picked = [scenes[i] for i in rows]
        return _losses(binding, tokenizer, modality, picked, media[torch.from_numpy(rows)], rng)

    train(
        "encoder", binding, loss_of, folder=folder, steps=recipe.encoder_steps, lr=1.5e-3,
        seed=recipe.seed,
    )  # fmt: skip
    tokenizer.save_pretrained(folder / "tokenizer")
    state = binding.encoder.state_dict()
    save_file(
        {name: tensor.half().contiguous() for name, tensor in state.items()},
        folder / "encoder.safetensors",
    )
    (folder / "config.json").write_bytes(msgspec.json.encode(config.to_table()))


def _losses(
    binding: Binding, tokenizer: CLIPTokenizer, modality: str, scenes: Sequence[Scene],
    media: Tensor, rng: np.random.Generator,
) -> dict[str, Tensor]:  # fmt: skip
    encoder = binding.encoder
    features = encoder.encode(modality, media.float())
    captions = [
        canonical(s, modality) if rng.random() < 0.3 else varied(s, modality, rng, keep=0.95)[0]
        for s in scenes
    ]
    words = encoder.encode("text", decoder_text.tokenize(tokenizer, captions)).embedding
    keys = [tuple(getattr(s, name) for name in SHOWN[modality]) for s in scenes]
    contrast = bind(features.embedding, words, keys, encoder.logit_scale)
    pooled = torch.cat([features.embedding, features.patches.mean(dim=1)], dim=-1) * EMBED_DIM**0.5
    attributes = binding.attribute_loss(modality, pooled, scenes)
    return {"loss": contrast + attributes, "contrast": contrast, "attributes": attributes}
