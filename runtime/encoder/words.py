"""The encoder's input for words. Knows the tokenizer's file; runs no model.

Legend: L text positions.
"""

from __future__ import annotations

import re
from pathlib import Path

import torch  # noqa: TID253
from tokenizers import Tokenizer
from torch import Tensor  # noqa: TID253

from plugins.errors import KnownError
from runtime.encoder.config import TextConfig

MOST_PIECES = 2
"""The most pieces of a word that a text tower was trained on."""
_WORD = re.compile(r"[A-Za-z]{3,}")
_OTHER = re.compile(r"[^\W\d_A-Za-z]")
TOKENIZER_FILE = "encoder_tokenizer/tokenizer.json"
"""The path, inside a bundle, of the tokenizer of its encoder's text tower."""


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
            "{file}: expected at most {vocab} tokens, as the encoder has, found "
            "{count}. Install the bundle again.",
            file=file,
            vocab=config.vocab,
            count=tokenizer.get_vocab_size(),
        )
    tokenizer.no_padding()
    tokenizer.enable_truncation(config.context)
    tokenizer.encode_special_tokens = True
    return torch.tensor([tokenizer.encode(text).ids])


def knows_words(file: Path, text: str) -> bool:
    """True if the text tower was trained on any of these words.

    Its tokenizer was learnt from the same captions: a word of these is one piece or two, and one
    that never stood in them falls apart into letters. Of a text without Latin letters half of the
    characters must be in whole pieces. Says yes of nearly everything for a tower that was taught
    from the whole web.

    Raises:
        KnownError: the file is no tokenizer.
    """
    tokenizer = _tokenizer(file)
    tokenizer.no_padding()
    encoded = tokenizer.encode(text, add_special_tokens=False)
    spans = [span for span in encoded.offsets if span[1] > span[0]]
    if any(_is_learnt(match.span(), spans) for match in _WORD.finditer(text)):
        return True
    others = [match.start() for match in _OTHER.finditer(text)]
    whole = sum(sum(begin <= at < end for begin, end in spans) == 1 for at in others)
    return bool(others) and 2 * whole >= len(others)


def _is_learnt(word: tuple[int, int], spans: list[tuple[int, int]]) -> bool:
    """True if a Latin word is one or two pieces, none of them a single letter."""
    inside = [end - begin for begin, end in spans if word[0] <= begin and end <= word[1]]
    return 0 < len(inside) <= MOST_PIECES and min(inside) > 1


def _tokenizer(file: Path) -> Tokenizer:
    try:
        return Tokenizer.from_file(str(file))
    except Exception as error:  # The library raises nothing narrower.
        raise KnownError(
            "{file}: expected a tokenizer, found {error}. Install the bundle again.",
            file=file,
            error=error,
        ) from error
