"""The decoders' own text encoders: a CLIP-shaped one for pictures and clips, a CLAP-shaped one for
sounds.

Stand-ins for the pretrained ones of Stable Diffusion, ZeroScope and AudioLDM: trained to classify
the attributes in captions of scenes and compositions, then frozen. Pictures and clips share one, as
Stable Diffusion and ZeroScope share OpenCLIP's kind, so that the clips' U-Net can begin as the
pictures'. Further training keeps its states for captions of plain scenes, so that the U-Nets and
projections that were trained on it stay valid. Knows captions and transformers; knows no decoder.

Legend: B batch, L token positions, H width.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers, trainers
from torch import Tensor, nn
from transformers import (
    ClapTextConfig,
    ClapTextModelWithProjection,
    CLIPTextConfig,
    CLIPTextModel,
    CLIPTokenizer,
    RobertaTokenizer,
)

from training.pocketworld import levels
from training.pocketworld.scene import pick
from training.trainer.loop import train

CONTEXT = 32
"""Token positions of a caption, start and end included."""
VOCABULARY = 900
"""Pieces of a caption tokenizer: few enough that hardly any spans two Chinese words."""
WIDTH = 96
SOUND_WIDTH = 64
COMPOSITION_SHARE = 0.3
"""Chance that a training caption describes a composition."""
ANCHOR = 10.0
"""Weight of a change of the states for plain scenes, relative to a misread attribute."""
READS = {"picture-text": ("image", "video"), "audio-text": ("audio",)}
"""The stage of every text encoder, and the media whose captions it reads."""
STAGE = {modality: stage for stage, media in READS.items() for modality in media}


def caption_of(
    modality: str, rng: np.random.Generator, share_canonical: float = 0.6, language: str = "en",
    composed: float = 0.0,
) -> tuple[str, dict[str, str]]:  # fmt: skip
    """A caption of something random and the attributes it states.

    Args:
        composed: chance that it is a composition, from 0 to 1.
    """
    subject = levels.random_subject(modality, rng, composed)
    if rng.random() < share_canonical:
        return levels.canonical(subject, modality, language), levels.shown(subject, modality)
    return levels.varied(subject, modality, rng, language)


def caption_tokenizer(
    modalities: Sequence[str], seed: int, languages: Sequence[str] = ("en",)
) -> CLIPTokenizer:
    """A CLIP tokenizer whose merges come from captions of these media in these languages, and of
    compositions in English."""
    rng = np.random.default_rng([seed, 77])
    texts = [
        caption_of(modality, rng, 0.2, language)[0]
        for language in languages
        for modality in modalities
        for _ in range(3000)
    ]
    texts += [
        caption_of(modality, rng, composed=COMPOSITION_SHARE)[0]
        for modality in modalities
        for _ in range(1500)
    ]
    bpe = Tokenizer(models.BPE(end_of_word_suffix="</w>"))
    bpe.normalizer = normalizers.Lowercase()
    bpe.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex(r"\p{L}+|\p{N}|[^\s\p{L}\p{N}]+"), "removed", invert=True),
            pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
        ]
    )
    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    trainer = trainers.BpeTrainer(
        vocab_size=VOCABULARY, initial_alphabet=alphabet,
        end_of_word_suffix="</w>", show_progress=False,
    )  # fmt: skip
    bpe.train_from_iterator(texts, trainer)
    return _clip_from(bpe, alphabet)


def _clip_from(bpe: Tokenizer, alphabet: list[str]) -> CLIPTokenizer:
    merges = json.loads(bpe.to_str())["model"]["merges"]
    pieces = [*alphabet, *(letter + "</w>" for letter in alphabet)]
    pieces += ["".join(merge) for merge in merges]
    pieces += ["<|startoftext|>", "<|endoftext|>"]
    vocab = {piece: index for index, piece in enumerate(dict.fromkeys(pieces))}
    return CLIPTokenizer(
        vocab=vocab, merges=[tuple(merge) for merge in merges], model_max_length=CONTEXT
    )


def sound_tokenizer(seed: int) -> RobertaTokenizer:
    """A RoBERTa tokenizer (byte-level BPE) from captions of sounds."""
    rng = np.random.default_rng([seed, 78])
    texts = [caption_of("audio", rng, composed=COMPOSITION_SHARE)[0] for _ in range(2000)]
    bpe = Tokenizer(models.BPE())
    bpe.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    special = ["<s>", "<pad>", "</s>", "<unk>", "<mask>"]
    trainer = trainers.BpeTrainer(
        vocab_size=600,
        special_tokens=special,
        initial_alphabet=sorted(pre_tokenizers.ByteLevel.alphabet()),
        show_progress=False,
    )
    bpe.train_from_iterator(texts, trainer)
    model = json.loads(bpe.to_str())["model"]
    return RobertaTokenizer(
        vocab=model["vocab"],
        merges=[tuple(merge) for merge in model["merges"]],
        model_max_length=CONTEXT,
    )


def clip_text_model(tokenizer: CLIPTokenizer) -> CLIPTextModel:
    """A small CLIP text tower: [B, L] ids -> [B, L, WIDTH] states."""
    return CLIPTextModel(
        CLIPTextConfig(
            vocab_size=len(tokenizer),
            hidden_size=WIDTH,
            intermediate_size=4 * WIDTH,
            num_hidden_layers=3,
            num_attention_heads=4,
            max_position_embeddings=CONTEXT,
            projection_dim=WIDTH,
            bos_token_id=tokenizer.bos_token_id,
            eos_token_id=tokenizer.eos_token_id,
            pad_token_id=tokenizer.pad_token_id,
        )
    )


def clap_text_model(tokenizer: RobertaTokenizer) -> ClapTextModelWithProjection:
    """A small CLAP text tower: [B, L] ids -> [B, SOUND_WIDTH] embedding."""
    return ClapTextModelWithProjection(
        ClapTextConfig(
            vocab_size=len(tokenizer),
            hidden_size=SOUND_WIDTH,
            intermediate_size=4 * SOUND_WIDTH,
            num_hidden_layers=2,
            num_attention_heads=4,
            max_position_embeddings=CONTEXT + 4,
            projection_dim=SOUND_WIDTH,
            hidden_dropout_prob=0.0,
            attention_probs_dropout_prob=0.0,
            pad_token_id=tokenizer.pad_token_id,
            bos_token_id=tokenizer.bos_token_id,
            eos_token_id=tokenizer.eos_token_id,
        )
    )


class CaptionReader(nn.Module):
    """A text encoder with one linear head an attribute, used in training only."""

    def __init__(self, text_encoder: nn.Module, width: int, modalities: Sequence[str]) -> None:
        super().__init__()
        self.text_encoder = text_encoder
        read = dict.fromkeys(name for one in modalities for name in levels.stated_in(one))
        self.heads = nn.ModuleDict(
            {name: nn.Linear(width, len(levels.WORDS[name]) + 1) for name in read}
        )

    def forward(self, features: Tensor, stated: Sequence[dict[str, str]]) -> Tensor:
        """Mean cross-entropy of the stated attributes; "not stated" is the last class."""
        losses = []
        for name, head in self.heads.items():
            known = levels.WORDS[name]
            wanted = [known.index(s[name]) if name in s else len(known) for s in stated]
            target = torch.tensor(wanted, device=features.device)
            losses.append(nn.functional.cross_entropy(head(features), target))
        return torch.stack(losses).mean()


def tokenize(tokenizer: CLIPTokenizer | RobertaTokenizer, captions: Sequence[str]) -> Tensor:
    """[B, CONTEXT] ids, padded and cut."""
    batch = tokenizer(
        list(captions), padding="max_length", max_length=CONTEXT, truncation=True,
        return_tensors="pt",
    )  # fmt: skip
    return batch.input_ids


def sequence_states(text_encoder: nn.Module, ids: Tensor) -> Tensor:
    """[B, L, WIDTH] CLIP states after the final norm: what the U-Nets attend to."""
    return text_encoder(ids).last_hidden_state


def sound_embedding(text_encoder: nn.Module, ids: Tensor, pad: int) -> Tensor:
    """[B, SOUND_WIDTH] CLAP text embedding of norm 1, as AudioLDM conditions on."""
    embeds = text_encoder(ids, attention_mask=(ids != pad).long()).text_embeds
    return nn.functional.normalize(embeds, dim=-1)


def teach(
    stage: str, folder: Path, *, steps: int, batch: int, seed: int, begun: Path | None = None
) -> None:
    """Train the text encoder of a stage in `READS`; save it and its tokenizer under `folder`.

    Args:
        begun: the folder of one that learned before and goes on, with the tokenizer under `folder`;
            without it a new one.
    """
    torch.manual_seed(seed)
    modalities = READS[stage]
    sounds = modalities == ("audio",)
    tokenizer, encoder = _begun(begun, folder, sounds) if begun else _new(modalities, seed)
    before = copy.deepcopy(encoder).eval().requires_grad_(False) if begun else None
    reader = CaptionReader(encoder, SOUND_WIDTH if sounds else WIDTH, modalities)

    def states(model: nn.Module, captions: Sequence[str]) -> Tensor:
        ids = tokenize(tokenizer, captions).to(encoder.device)
        if sounds:
            return sound_embedding(model, ids, tokenizer.pad_token_id)
        return sequence_states(model, ids)

    def loss_of(_: int, rng: np.random.Generator) -> dict[str, Tensor]:
        media = [modalities[i % len(modalities)] for i in range(batch)]
        pairs = [caption_of(modality, rng, composed=COMPOSITION_SHARE) for modality in media]
        captions, stated = zip(*pairs, strict=True)
        found = states(encoder, captions)
        read = reader(found * 8.0 if sounds else found.mean(dim=1), stated)
        if before is None:
            return {"loss": read}
        known = ["", *(caption_of(pick(modalities, rng), rng)[0] for _ in range(batch // 2))]
        kept = _change(states(encoder, known), states(before.to(encoder.device), known))
        return {"loss": read + ANCHOR * kept, "read": read, "kept": kept}

    train(stage, reader, loss_of, folder=folder, steps=steps, lr=2e-3, seed=seed)
    encoder.save_pretrained(folder / "text_encoder")
    tokenizer.save_pretrained(folder / "tokenizer")


def _change(states: Tensor, before: Tensor) -> Tensor:
    """Mean squared difference of states, relative to their size before."""
    return (states - before).square().mean() / before.square().mean()


def _new(modalities: Sequence[str], seed: int) -> tuple[Any, Any]:
    """An untrained text encoder behind its tokenizer."""
    if modalities == ("audio",):
        roberta = sound_tokenizer(seed)
        return roberta, clap_text_model(roberta)
    clip = caption_tokenizer(modalities, seed)
    return clip, clip_text_model(clip)


def _begun(begun: Path, folder: Path, sounds: bool) -> tuple[Any, Any]:
    """A text encoder that learned before, behind its tokenizer."""
    tokenizer_class = RobertaTokenizer if sounds else CLIPTokenizer
    model_class = ClapTextModelWithProjection if sounds else CLIPTextModel
    return tokenizer_class.from_pretrained(folder / "tokenizer"), model_class.from_pretrained(begun)
