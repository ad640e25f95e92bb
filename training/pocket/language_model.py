"""Pocket's language model, trained from scratch: a small Llama on text dialogues of Pocketworld.

Stands in for Vicuna: it learns to read and write about Pocketworld, media being given to it as
captions and artifacts not at all. Knows transformers' Llama; knows no media.

Legend: B batch, L positions.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer
from torch import Tensor
from transformers import LlamaConfig, LlamaForCausalLM

from training.dialogues.dialogues import dialogue
from training.nextgpt.answer_loss import answer_loss
from training.pocket.recipe import Recipe
from training.pocket.sequences import (
    TrainingSequence,
    Writer,
    plain_caption,
    similar_lengths,
    train_tokenizer,
)
from training.trainer.loop import train

D_MODEL = 256
N_CTX = 2048
"""Positions that the model is told it has; dialogues in training are shorter."""


def new_model(writer: Writer) -> LlamaForCausalLM:
    """An untrained Llama of about 4 million parameters."""
    return LlamaForCausalLM(
        LlamaConfig(
            vocab_size=writer.tokenizer.get_vocab_size(),
            hidden_size=D_MODEL,
            intermediate_size=512,
            num_hidden_layers=4,
            num_attention_heads=4,
            num_key_value_heads=4,
            max_position_embeddings=N_CTX,
            rms_norm_eps=1e-5,
            tie_word_embeddings=False,
            bos_token_id=writer.bos,
            eos_token_id=writer.tokenizer.token_to_id("</s>"),
            pad_token_id=writer.pad,
        )
    )


def teach(folder: Path, recipe: Recipe) -> None:
    """Train tokenizer and model; save `tokenizer.json` and a Hugging Face folder `model/`."""
    tokenizer = train_tokenizer(recipe.seed)
    writer = Writer(tokenizer)
    torch.manual_seed(recipe.seed)
    model = new_model(writer)

    def loss_of(_: int, rng: np.random.Generator) -> dict[str, Tensor]:
        def make() -> TrainingSequence:
            if rng.random() < 0.15:
                return plain_caption(writer, rng)
            return writer.write(dialogue(rng), media=False, signals=False, cuts=rng)

        batch = writer.batch(similar_lengths(make, recipe.language_batch, rng, pool=2))
        loss, _ = answer_loss(
            model, batch.labels.to(model.device), input_ids=batch.ids.to(model.device)
        )
        return {"loss": loss}

    train(
        "language model", model, loss_of, folder=folder, steps=recipe.language_steps, lr=2e-3,
        seed=recipe.seed, warmup=60,
    )  # fmt: skip
    tokenizer.save(str(folder / "tokenizer.json"))
    model.save_pretrained(folder / "model")


def load(folder: Path) -> tuple[LlamaForCausalLM, Writer]:
    """Load the language model that `teach` saved."""
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    return LlamaForCausalLM.from_pretrained(folder / "model"), Writer(tokenizer)
