"""Pocket's encoder, trained from scratch: ImageBind's binding of pictures, clips and sounds to
captions.

Stands in for `imagebind_huge`. The loss is contrastive between a medium and its captions, helped by
linear attribute readers that are thrown away afterwards: one set reads the whole, another the mean
of the patch tokens, because the input projection sees the patch tokens alone. Pictures and clips
are bound to sounds as well, so that one is found by the other. Knows the encoder and Pocketworld;
knows no language model.

Legend: B batch, P patch tokens, E embedding width.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import msgspec
import numpy as np
import torch
from safetensors.torch import load_file, save_file
from torch import Tensor, nn
from torch.nn import functional
from transformers import CLIPTokenizer

from plugins.errors import BugError
from runtime.encoder import EncoderConfig
from runtime.encoder.config import AudioConfig, TextConfig, VisionConfig
from runtime.encoder.model import Features, ImageBindEncoder
from runtime.encoder.preprocess import audio_tensor, frames_to_video_tensor, image_tensor
from training.pocket import text_encoders
from training.pocket.attribute_probes import AttributeProbes
from training.pocket.recipe import Recipe
from training.pocketworld import media_cache
from training.pocketworld.captions import LANGUAGES, canonical, varied
from training.pocketworld.scene import SHOWN, Scene
from training.trainer.loop import train
from training.trainer.stages import START

MODALITIES = ("image", "video", "audio")
STEM_SHARE = 0.05
"""Learning rate of the patch convolutions over that of the rest."""
TURNS = ("image", "video", "image", "video", "image", "video", "audio")
"""The modality of each step, in turn: sounds are learned soonest."""
CHINESE_SHARE = 0.35
WHOLE_SHARE = 0.25
"""The share of captions that state everything that a medium shows."""
KEPT = (0.3, 0.6, 0.95)
"""Chances that one in free words mentions an attribute."""
HEARD = 0.5
"""Weight of the bond between what is seen and what is heard."""
Stated = dict[str, str]
"""Attributes that a caption states."""
Some = tuple[str, list[Scene], Tensor]
"""A modality, scenes, and their media as the encoder takes them."""
EMBED_DIM = 128
WEIGHTS = "encoder.safetensors"


def pocket_config(text_vocab: int) -> EncoderConfig:
    """ImageBind's shape at Pocket's size."""
    return EncoderConfig(
        embed_dim=EMBED_DIM,
        vision=VisionConfig(
            image_size=64, patch=8, frames_per_clip=8, width=128, depth=4, heads=4, clips=1,
            clip_seconds=2.0, crops=1,
        ),
        audio=AudioConfig(
            mel_bins=64, target_frames=204, width=128, depth=3, heads=4, clips=1,
            clip_seconds=2.048, mean=-6.0, std=6.0,
        ),
        text=TextConfig(
            vocab=text_vocab, context=text_encoders.CONTEXT, width=128, depth=2, heads=4
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
    scenes, media = media_cache.make(modality, count, seed, data, held_out=held_out)
    return scenes, torch.stack([prepared(config, modality, item) for item in media])


def prepared(config: EncoderConfig, modality: str, item: np.ndarray) -> Tensor:
    """One medium as the encoder takes it, without the batch axis, float16."""
    if config.vision is None or config.audio is None:
        raise BugError("Pocket's encoder has both towers")
    if modality == "image":
        return image_tensor(config.vision, np.asarray(item))[0].half()
    if modality == "video":
        return frames_to_video_tensor(config.vision, np.asarray(item), media_cache.CLIP_FPS)[
            0
        ].half()
    return audio_tensor(config.audio, np.asarray(item, dtype=np.float32))[0].half()


class Binding(nn.Module):
    """The encoder with the temperature and attribute readers used in training only."""

    def __init__(self, encoder: ImageBindEncoder) -> None:
        super().__init__()
        self.encoder = encoder
        self.whole = AttributeProbes(EMBED_DIM)
        self.parts = AttributeProbes(EMBED_DIM)

    def attribute_loss(self, modality: str, features: Features, scenes: Sequence[Scene]) -> Tensor:
        """Mean cross-entropy of every shown attribute, read from the whole and from the parts."""
        scale = EMBED_DIM**0.5
        whole = self.whole.loss(modality, features.embedding * scale, scenes)
        parts = self.parts.loss(modality, features.patches.mean(dim=1) * scale, scenes)
        return (whole + parts) / 2


def plane_waves(grid: tuple[int, int], width: int) -> Tensor:
    """Sines and cosines of a patch's row and column, [1, 1 + P, W], CLS zero.

    Positions that begin as these are used from the first steps on; as noise, which is small beside
    the patches, they are passed over, and shapes, which are arrangements of patches, with them.
    """
    quarter = width // 4
    rates = 1.0 / 100.0 ** (torch.arange(quarter) / quarter)
    rows, columns = torch.meshgrid(*(torch.arange(n) for n in grid), indexing="ij")
    angles = [place.flatten()[:, None] * rates for place in (rows, columns)]
    waves = torch.cat([f(angle) for angle in angles for f in (torch.sin, torch.cos)], dim=1)
    return torch.cat([torch.zeros(1, width), waves])[None]


def bind(one: Tensor, other: Tensor, fits: Tensor, scale: Tensor) -> Tensor:
    """Symmetric contrastive loss of [B, E] and [C, E]; all that `fits`, bool [B, C], is right.

    Rows and columns that nothing fits count for nothing.
    """
    logits = scale * one @ other.T
    return 0.5 * (_matched(logits, fits) + _matched(logits.T, fits.T))


def _matched(logits: Tensor, fits: Tensor) -> Tensor:
    some = fits.any(dim=1)
    if not some.any():
        return logits.sum() * 0.0  # nothing to be matched, in a small batch
    wanted = fits[some].float()
    return functional.cross_entropy(logits[some], wanted / wanted.sum(dim=1, keepdim=True))


def agree(scenes: Sequence[Scene], stated: Sequence[Stated]) -> Tensor:
    """bool [B, C]: whether a scene is as a caption states."""
    return torch.tensor(
        [
            [
                all(getattr(scene, name) == value for name, value in words.items())
                for words in stated
            ]
            for scene in scenes
        ]
    )


def caption(scene: Scene, modality: str, rng: np.random.Generator) -> tuple[str, Stated]:
    """A caption of a scene in either language, whole or in free words, and what it states."""
    language = "zh" if rng.random() < CHINESE_SHARE else "en"
    names: Sequence[str] = SHOWN[modality]
    if rng.random() < WHOLE_SHARE:
        text = canonical(scene, modality, language)
    else:
        keep = float(rng.choice(KEPT))
        text, names = varied(scene, modality, rng, language=language, keep=keep)
    return text, {name: getattr(scene, name) for name in names}


def teach(folder: Path, runs: Path, recipe: Recipe) -> None:
    """Train the encoder and save `encoder.safetensors`, `config.json` and its tokenizer."""
    tokenizer = text_encoders.caption_tokenizer(MODALITIES, recipe.seed, LANGUAGES)
    torch.manual_seed(recipe.seed)
    config = pocket_config(len(tokenizer))
    binding = Binding(_first(config, folder / START / WEIGHTS))
    counts = {"image": recipe.pictures, "video": recipe.clips, "audio": recipe.sounds}
    data = {m: media_tensors(config, m, counts[m], recipe.seed, runs / "data") for m in MODALITIES}

    def some(modality: str, rng: np.random.Generator) -> Some:
        scenes, media = data[modality]
        rows = rng.integers(0, len(scenes), recipe.encoder_batch)
        return modality, [scenes[i] for i in rows], media[torch.from_numpy(rows)]

    def loss_of(step: int, rng: np.random.Generator) -> dict[str, Tensor]:
        seen = some(TURNS[step % len(TURNS)], rng)
        heard = some("audio", rng) if seen[0] != "audio" else None
        return _losses(binding, tokenizer, seen, heard, rng)

    train(
        "encoder", binding, loss_of, folder=folder, steps=recipe.encoder_steps, lr=1.2e-3,
        seed=recipe.seed, groups=_groups(binding, 1.2e-3),
    )  # fmt: skip
    tokenizer.save_pretrained(folder / "tokenizer")
    state = binding.encoder.state_dict()
    save_file(
        {name: tensor.half().contiguous() for name, tensor in state.items()},
        folder / WEIGHTS,
    )
    (folder / "config.json").write_bytes(msgspec.json.encode(config.to_table()))


def _first(config: EncoderConfig, start: Path) -> ImageBindEncoder:
    """The encoder to train: one that was trained before, or a new one. If its vocabulary differs,
    the media towers are kept and the text tower is new."""
    if not start.is_file():
        return _untrained(config)
    learned = load_file(start)
    words = "modality_preprocessors.text.token_embedding.weight"
    encoder = _untrained(config)
    if len(learned[words]) != len(encoder.get_parameter(words)):
        learned = {name: t for name, t in learned.items() if ".text." not in name}
    encoder.load_state_dict({n: t.float() for n, t in learned.items()}, strict=False)
    return encoder


def _untrained(config: EncoderConfig) -> ImageBindEncoder:
    encoder = ImageBindEncoder(config)
    for name, tower in (("vision", config.vision), ("audio", config.audio)):
        if tower is not None:
            places = encoder.get_parameter(
                f"modality_preprocessors.{name}.pos_embedding_helper.pos_embed"
            )
            places.data.copy_(plane_waves(tower.grid, tower.width))
    return encoder


def _groups(binding: Binding, lr: float) -> list[dict[str, object]]:
    """The patch convolutions learn slowly: a picture is the same in all frames that they sum over,
    so at the others' rate the patches soon drown their positions.
    """
    named = list(binding.named_parameters())
    stems = [p for name, p in named if "rgbt_stem.proj" in name]
    others = [p for name, p in named if "rgbt_stem.proj" not in name]
    return [{"params": others, "lr": lr}, {"params": stems, "lr": STEM_SHARE * lr}]


def _losses(
    binding: Binding, tokenizer: CLIPTokenizer, one: Some, heard: Some | None,
    rng: np.random.Generator,
) -> dict[str, Tensor]:  # fmt: skip
    """Losses of media with their captions, and of pictures or clips with sounds."""
    encoder = binding.encoder
    device = encoder.logit_scale.device
    modality, scenes, media = one
    features = encoder.encode(modality, media.to(device).float())
    captions, stated = zip(*(caption(scene, modality, rng) for scene in scenes), strict=True)
    words = encoder.encode("text", text_encoders.tokenize(tokenizer, captions).to(device)).embedding
    fits = agree(scenes, stated).to(device)
    contrast = bind(features.embedding, words, fits, encoder.logit_scale)
    attributes = binding.attribute_loss(modality, features, scenes)
    losses = {f"{modality} contrast": contrast, f"{modality} attributes": attributes}
    loss = contrast + 2.0 * attributes
    if heard is not None:
        sounds = encoder.encode("audio", heard[2].to(device).float()).embedding
        audible = [{name: getattr(s, name) for name in SHOWN["audio"]} for s in heard[1]]
        same = agree(scenes, audible).to(device)
        losses[f"{modality} and sounds"] = bind(
            features.embedding, sounds, same, encoder.logit_scale
        )
        loss = loss + HEARD * losses[f"{modality} and sounds"]
    return {"loss": loss, **losses}
