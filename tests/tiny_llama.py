"""Small real language models: a trained byte-level BPE tokenizer and Llamas with chosen weights.

`random_llama` has random weights everywhere. `scripted_llama` is the same class with weights that
make each token name its successor, so a test knows what a greedy answer will be.
"""

from __future__ import annotations

import functools
import itertools
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
from transformers import LlamaConfig, LlamaForCausalLM

from training.gguf.export import SpecialTokens, export_gguf

SIGNAL_TEXTS = {
    "image": [f"[IMG{i}]" for i in range(4)],
    "audio": [f"[AUD{i}]" for i in range(4)],
    "video": [f"[VID{i}]" for i in range(8)],
}
SPECIAL = ["<s>", "</s>", "<user>", "<assistant>", "<Img>", "</Img>"]
SPECIAL += [text for texts in SIGNAL_TEXTS.values() for text in texts]
ENDS = SpecialTokens(bos="<s>", eos="</s>")
_LINES = ["a red boat on the sea at night", "the dog barks, and the bell rings in the snow", "now"]


@functools.cache
def tokenizer() -> Tokenizer:
    """A BPE tokenizer of some 350 tokens, all bytes among them."""
    made = Tokenizer(models.BPE())
    made.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    made.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=352,
        special_tokens=SPECIAL,
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    made.train_from_iterator(_LINES * 20, trainer)
    return made


def ids(text: str) -> list[int]:
    """Token ids of `text`, control tokens parsed."""
    return list(tokenizer().encode(text).ids)


def signal_ids() -> dict[str, tuple[int, ...]]:
    """Signal tokens by modality."""
    return {m: tuple(ids("".join(texts))) for m, texts in SIGNAL_TEXTS.items()}


def random_llama(d_model: int = 64, *, seed: int = 0, **settings: Any) -> LlamaForCausalLM:
    """A Llama whose matrices hold random numbers that float16 can hold exactly."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        model = LlamaForCausalLM(_config(d_model, **settings)).eval()
        for name, parameter in model.named_parameters():
            if "norm" in name:
                torch.nn.init.uniform_(parameter, 0.5, 1.5)
    return model.half().float()


def scripted_llama(*paths: Sequence[int]) -> LlamaForCausalLM:
    """A Llama that, greedy, follows each path of token ids; a token has one successor at most."""
    model = random_llama(256, n_layers=1)
    with torch.no_grad():
        for layer in model.model.layers:
            layer.self_attn.o_proj.weight.zero_()
            layer.mlp.down_proj.weight.zero_()
        model.model.norm.weight.fill_(1.0)
        embeddings = torch.nn.functional.normalize(model.model.embed_tokens.weight, dim=-1)
        model.model.embed_tokens.weight.copy_(embeddings)
        model.lm_head.weight.zero_()
        for path in paths:
            for token, successor in itertools.pairwise(path):
                model.lm_head.weight[successor] += embeddings[token]
    return model.half().float()


def write_gguf(model: LlamaForCausalLM, path: Path, **options: Any) -> Path:
    """Export `model` with the shared tokenizer."""
    export_gguf(model, tokenizer(), path, name="tiny", special=ENDS, **options)
    return path


def _config(d_model: int, *, n_layers: int = 2, **settings: Any) -> LlamaConfig:
    defaults: dict[str, Any] = {
        "hidden_size": d_model,
        "intermediate_size": d_model * 2,
        "num_hidden_layers": n_layers,
        "num_attention_heads": 4,
        "num_key_value_heads": 2,
        "vocab_size": tokenizer().get_vocab_size(),
        "max_position_embeddings": 512,
        "initializer_range": 0.1,
        "bos_token_id": 0,
        "eos_token_id": 1,
    }
    return LlamaConfig(**{**defaults, **settings})
