"""From words to the encoder's input. Knows the tokenizer's file; runs no model.

Legend: L text positions.
"""

from __future__ import annotations

from pathlib import Path

import torch  # noqa: TID253
from tokenizers import Tokenizer
from torch import Tensor  # noqa: TID253

from plugins.errors import KnownError
from runtime.encoder.config import TextConfig

TOKENIZER_FILE = "encoder_tokenizer/tokenizer.json"
"""Where a bundle keeps the tokenizer of its encoder's text tower."""


def token_ids(file: Path, text: str, config: TextConfig) -> Tensor:
    """int64 [1, L] ids of `text` between start and end, cut to the tower's context.

    Raises:
        KnownError: there are no words in it, or the file is not the tokenizer of this tower.
    """
    if not text.strip():
        raise KnownError("words: expected something to look for, found none. Type a word.")
    tokenizer = _tokenizer(file)
    if tokenizer.get_vocab_size() > config.vocab:
        raise KnownError(
            f"{file}: expected at most {config.vocab} tokens, as the encoder has, found "
            f"{tokenizer.get_vocab_size()}. Install the bundle again."
        )
    tokenizer.no_padding()
    tokenizer.enable_truncation(config.context)
    tokenizer.encode_special_tokens = True
    return torch.tensor([tokenizer.encode(text).ids])


def _tokenizer(file: Path) -> Tokenizer:
    try:
        return Tokenizer.from_file(str(file))
    except Exception as error:  # The library raises nothing narrower.
        raise KnownError(
            f"{file}: expected a tokenizer, found {error}. Install the bundle again."
        ) from error
