"""Words and media are placed in one space, where what is alike is near."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from plugins.errors import KnownError
from runtime.bundle.bundle import Bundle, find_bundle
from runtime.encoder.config import TextConfig
from runtime.encoder.words import TOKENIZER_FILE, knows_words, token_ids
from runtime.engine import Engine
from runtime.messages import MediaPart, TextPart

POCKET = find_bundle("pocket")
TEXT = TextConfig(vocab=100_000, context=12)


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    """The shipped Pocket; its language model is not loaded for this."""
    threads = torch.get_num_threads()
    with Engine(Bundle.open(POCKET), device="cpu", threads=1) as opened:
        yield opened
        assert [r.key for r in opened.memory.residents()] == ["encoder"]
    torch.set_num_threads(threads)


def vector(engine: Engine, content: TextPart | MediaPart) -> NDArray[np.float32]:
    return np.frombuffer(engine.embed(content).vector, "<f4")


def test_like_words_are_nearer_than_others(engine: Engine) -> None:
    boat, ship, dog = (
        vector(engine, TextPart(text))
        for text in ("a red boat on the sea", "a red boat on the sea at night", "a dog barks")
    )

    assert boat @ boat == pytest.approx(1.0, abs=1e-5)
    assert boat @ ship > boat @ dog


def test_media_and_words_share_a_space(engine: Engine, media: dict[str, Path]) -> None:
    contents = [TextPart("a boat"), *(MediaPart(m, str(path)) for m, path in media.items())]

    found = [engine.embed(content) for content in contents]

    assert len({embedding.space for embedding in found}) == 1
    assert len({embedding.vector for embedding in found}) == 4
    assert {len(embedding.vector) for embedding in found} == {4 * 128}


def test_padding_makes_no_difference_to_where_words_lie(engine: Engine) -> None:
    from runtime.components import load as components

    encoder = components.encoder(engine.bundle)
    assert encoder.config.text is not None
    ids = token_ids(POCKET / TOKENIZER_FILE, "a red boat", encoder.config.text)
    padded = torch.nn.functional.pad(
        ids, (0, encoder.config.text.context - ids.shape[1]), value=int(ids.max())
    )

    with torch.inference_mode():
        short, long = (encoder.encode("text", given).embedding for given in (ids, padded))

    assert torch.allclose(short, long, atol=1e-6)


def test_words_are_cut_to_the_context_and_keep_their_end() -> None:
    short = token_ids(POCKET / TOKENIZER_FILE, "boat", TEXT)
    long = token_ids(POCKET / TOKENIZER_FILE, "boat " * 100, TEXT)

    assert long.shape == (1, TEXT.context)
    assert long[0, -1] == short[0, -1] == long.max()


@pytest.mark.parametrize(
    "text",
    ["boat", "A RED BOAT", "barking dog", "thunder", "puppy", "车", "红色的船", "一只小狗", "下雨"],
)
def test_words_that_the_encoder_was_taught_are_known(text: str) -> None:
    assert knows_words(POCKET / TOKENIZER_FILE, text)


@pytest.mark.parametrize(
    "text",
    [
        "zzzz", "asdf", "kubernetes", "quarterly report", "wifi password", "1234567", "!!??", "ok",
        "bus", "Zürich", "合同", "电话号码", "马铃薯的价格", "😀", " ",
    ],
)  # fmt: skip
def test_others_are_not(text: str) -> None:
    assert not knows_words(POCKET / TOKENIZER_FILE, text)


def test_a_place_says_whether_its_words_are_known(engine: Engine) -> None:
    assert engine.embed(TextPart("a boat at night")).known
    assert not engine.embed(TextPart("zzzz")).known


def test_the_name_of_a_control_token_is_words_like_any_others() -> None:
    ids = token_ids(POCKET / TOKENIZER_FILE, "a<|endoftext|>", TEXT)

    assert (ids == ids.max()).sum() == 1


def test_no_words_are_refused() -> None:
    with pytest.raises(KnownError, match="expected something to look for, found none"):
        token_ids(POCKET / TOKENIZER_FILE, " \n", TEXT)


def test_a_tokenizer_of_another_encoder_is_refused() -> None:
    with pytest.raises(KnownError, match="expected at most 5 tokens"):
        token_ids(POCKET / TOKENIZER_FILE, "boat", TextConfig(vocab=5))


def test_a_broken_tokenizer_is_refused(tmp_path: Path) -> None:
    file = shutil.copy(POCKET / "llm.gguf", tmp_path / "tokenizer.json")

    with pytest.raises(KnownError, match="expected a tokenizer, found"):
        token_ids(file, "boat", TEXT)


def test_an_encoder_without_a_text_tower_says_so(tiny_bundle: Bundle) -> None:
    with Engine(tiny_bundle, device="cpu", threads=1) as engine:
        with pytest.raises(KnownError, match="cannot place words among media"):
            engine.embed(TextPart("boat"))
