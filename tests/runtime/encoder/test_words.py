"""Words for Pocket's text tower, by the tokenizer of the shipped bundle."""

from __future__ import annotations

from pathlib import Path

import pytest

from plugins.errors import KnownError
from runtime.bundle.bundle import Bundle, find_bundle
from runtime.encoder.config import EncoderConfig, TextConfig
from runtime.encoder.words import TOKENIZER_FILE, knows_words, token_ids


@pytest.fixture(scope="module")
def pocket() -> Bundle:
    return Bundle.open(find_bundle("pocket"), verify="size")


@pytest.fixture(scope="module")
def file(pocket: Bundle) -> Path:
    return pocket.path(TOKENIZER_FILE)


@pytest.fixture(scope="module")
def config(pocket: Bundle) -> TextConfig:
    spec = pocket.manifest.encoder
    assert spec is not None
    text = EncoderConfig.from_table(spec.config).text
    assert text is not None
    return text


def test_ids_stand_between_start_and_end_and_fit_the_context(
    file: Path, config: TextConfig
) -> None:
    short, same, long = (token_ids(file, t, config) for t in ("a boat", "a boat", "boat " * 500))

    assert short.tolist() == same.tolist()
    assert short[0, 0] == long[0, 0] and short[0, -1] == long[0, -1]
    assert long.shape == (1, config.context)


def test_nothing_to_look_for_is_said(file: Path, config: TextConfig) -> None:
    with pytest.raises(KnownError, match="found none"):
        token_ids(file, " \n", config)


@pytest.mark.parametrize("text", ["a red boat", "红色的船", "boat xyzzyqwk"])
def test_words_of_pocketworld_are_known(file: Path, text: str) -> None:
    assert knows_words(file, text)


@pytest.mark.parametrize("text", ["xyzzyqwk", "123"])
def test_words_without_pieces_of_their_own_are_not(file: Path, text: str) -> None:
    assert not knows_words(file, text)
