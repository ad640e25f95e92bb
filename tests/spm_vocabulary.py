"""A vocabulary of the kind that SentencePiece makes, for tests: pieces with scores, a blank before
every text, and single bytes for what has no piece."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from pathlib import Path

import gguf
import numpy as np
from tokenizers import Tokenizer, models, pre_tokenizers, trainers

from training.gguf.random_models import Size, write_random_tensors

SIZE = 1500
CONTROL = ("<s>", "</s>")
_DOCS = Path(__file__).parents[1] / "docs"
_TALK = "### Human: draw a cat\n### Assistant: here it is\n###\nUSER: hello ASSISTANT: hi\n"


@functools.cache
def pieces() -> list[str]:
    """The pieces in the order in which they are to be joined, letters first."""
    texts = [page.read_text("utf-8") for page in sorted(_DOCS.glob("*.md"))]
    made = Tokenizer(models.BPE())
    made.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme="first")
    trainer = trainers.BpeTrainer(vocab_size=SIZE - 259, show_progress=False, limit_alphabet=120)
    made.train_from_iterator([*texts, _TALK * 200], trainer)
    by_id = {number: piece for piece, number in made.get_vocab().items()}
    return [by_id[number] for number in range(len(by_id)) if "\n" not in by_id[number]]


def write_spm_model(path: Path, extra: Sequence[str], kind: gguf.TokenType) -> Path:
    """A tiny random Llama with this vocabulary and `extra` tokens of a kind behind it."""
    words = pieces()
    tokens = ["<unk>", *CONTROL, *(f"<0x{i:02X}>" for i in range(256)), *words, *extra]
    kinds = [gguf.TokenType.UNKNOWN, gguf.TokenType.CONTROL, gguf.TokenType.CONTROL]
    kinds += [gguf.TokenType.BYTE] * 256 + [gguf.TokenType.NORMAL] * len(words)
    writer = gguf.GGUFWriter(str(path), "llama")
    writer.add_tokenizer_model("llama")
    writer.add_token_list(tokens)
    writer.add_token_scores([0.0] * 259 + [float(-i) for i in range(len(words) + len(extra))])
    writer.add_token_types([*kinds, *[kind] * len(extra)])
    writer.add_bos_token_id(1)
    writer.add_eos_token_id(2)
    writer.add_unk_token_id(0)
    source = np.random.default_rng(0)
    write_random_tensors(writer, "llama", len(tokens), Size(d_model=32, layers=1), source)
    return path
