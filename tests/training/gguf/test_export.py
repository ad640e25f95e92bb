"""GGUF export against the Hugging Face model they come from."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from tokenizers import AddedToken, Tokenizer, models, normalizers
from transformers import LlamaForCausalLM, PreTrainedTokenizerFast

from plugins.errors import KnownError
from runtime.language_model.chunks import TokenChunk
from runtime.language_model.model import LanguageModel
from tests import tiny_llama
from training.gguf.export import SpecialTokens, export_gguf

TEXTS = [
    "a red boat on the sea at night",
    "  two  spaces,\ttab\n\nlines \r\n end   ",
    "can't won't I'll you're we've he'd CAN'T",
    "x=1234567890; (a_b)--[c]{d} <not special> </ s>",
    "naïve café Ελληνικά русский 中文字符 日本語 العربية हिन्दी ไทย",
    "🚤👩‍👩‍👧‍👦🇳🇱 é (e + combining) zero\u200bwidth \ufeff bom",
    "½ ² ٣ Ⅷ 1a2b3c \u00a0 no-break \u3000 wide",
    "",
    " ",
    "\n",
]
PROMPT = "<s><user><Img></Img>a red boat, at night 🚤<assistant>the dog [IMG0][IMG1][IMG2][IMG3]"


pytestmark = pytest.mark.usefixtures("one_thread")


def run_llama_cpp(path: Path, ids: list[int]) -> tuple[Any, Any]:
    with LanguageModel(path, n_ctx=256, n_threads=1) as model:
        states = model.states([TokenChunk(tuple(ids))])
        return states, model.logits()


def run_hugging_face(model: LlamaForCausalLM, ids: list[int]) -> tuple[Any, Any]:
    with torch.no_grad():
        out = model(torch.tensor([ids]), output_hidden_states=True)
    return out.hidden_states[-1][0].numpy(), out.logits[0, -1].numpy()


def cosine(a: Any, b: Any) -> Any:
    return (a * b).sum(-1) / np.linalg.norm(a, axis=-1) / np.linalg.norm(b, axis=-1)


@pytest.mark.parametrize("parse_special", [True, False])
def test_llama_cpp_and_hugging_face_cut_every_text_alike(
    tmp_path: Path, parse_special: bool
) -> None:
    path = tiny_llama.write_gguf(tiny_llama.random_llama(), tmp_path / "t.gguf")
    reference = Tokenizer.from_str(tiny_llama.tokenizer().to_str())
    reference.encode_special_tokens = not parse_special
    special = "<s><user>x[IMG0] [IMG1]</s> </Img><Img>[VID7][VID70]"
    with LanguageModel(path, n_ctx=256, n_threads=1) as model:
        for text in [*TEXTS, special, *(special + text for text in TEXTS)]:
            expected = reference.encode(text, add_special_tokens=False).ids
            assert model.tokenize(text, parse_special=parse_special) == expected, text
            if not parse_special:
                assert model.text(expected) == text
        assert model.end_tokens == {1}
        assert model.bos == 0


@pytest.mark.parametrize(
    ("settings", "dtype"),
    [
        ({}, "f16"),
        ({}, "f32"),
        ({"num_key_value_heads": 4, "rope_parameters": {"rope_theta": 500.0}}, "f16"),
        ({"num_key_value_heads": 1, "tie_word_embeddings": True}, "f16"),
        ({"head_dim": 24, "rms_norm_eps": 1e-3}, "f16"),
    ],
)
def test_states_and_logits_equal_hugging_face_to_half_precision(
    tmp_path: Path, settings: dict[str, Any], dtype: Any
) -> None:
    model = tiny_llama.random_llama(96, **settings)
    path = tiny_llama.write_gguf(model, tmp_path / "t.gguf", dtype=dtype)
    ids = tiny_llama.ids(PROMPT)
    states, logits = run_llama_cpp(path, ids)
    expected_states, expected_logits = run_hugging_face(model, ids)
    np.testing.assert_allclose(states, expected_states, atol=0.02)
    np.testing.assert_allclose(logits, expected_logits, atol=0.02)
    assert cosine(states, expected_states).min() > 0.9999


def test_a_transformers_tokenizer_and_padded_rows_export_too(tmp_path: Path) -> None:
    tokenizer = PreTrainedTokenizerFast(tokenizer_object=tiny_llama.tokenizer())
    size = tiny_llama.tokenizer().get_vocab_size() + 8
    path = tmp_path / "t.gguf"
    model = tiny_llama.random_llama(vocab_size=size)
    export_gguf(model, tokenizer, path, name="t", special=tiny_llama.ENDS)
    with LanguageModel(path, n_ctx=256, n_threads=1, d_model=64, n_vocab=size) as loaded:
        assert loaded.piece(size - 1) == b""


def odd_tokenizer(change: str) -> Tokenizer:
    tokenizer = Tokenizer.from_str(tiny_llama.tokenizer().to_str())
    if change == "normalizer":
        tokenizer.normalizer = normalizers.NFC()
    elif change == "lstrip":
        tokenizer.add_special_tokens([AddedToken("<now>", lstrip=True)])
    elif change == "pre-tokenizer":
        tokenizer.pre_tokenizer = None
    else:
        tokenizer = Tokenizer(models.BPE({"a": 0, "b": 1, "ab": 2}, [("a", "b")]))
    return tokenizer


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ("normalizer", "normalizer"),
        ("lstrip", "<now>"),
        ("pre-tokenizer", "pre-tokenizer"),
        ("alphabet", "bytes without a token"),
    ],
)
def test_a_tokenizer_that_llama_cpp_would_follow_otherwise_is_refused(
    tmp_path: Path, change: str, named: str
) -> None:
    with pytest.raises(KnownError, match=named):
        export_gguf(
            tiny_llama.random_llama(vocab_size=400),
            odd_tokenizer(change),
            tmp_path / "t.gguf",
            name="t",
            special=tiny_llama.ENDS,
        )
    assert list(tmp_path.iterdir()) == []


def test_a_model_that_the_file_could_not_say_is_refused(tmp_path: Path) -> None:
    biased = tiny_llama.random_llama(attention_bias=True)
    with pytest.raises(KnownError, match="attention_bias True"):
        tiny_llama.write_gguf(biased, tmp_path / "t.gguf")
    small = tiny_llama.random_llama(vocab_size=100)
    with pytest.raises(KnownError, match="vocabulary of 100"):
        tiny_llama.write_gguf(small, tmp_path / "t.gguf")
    assert list(tmp_path.iterdir()) == []


def test_values_beyond_half_precision_are_refused_and_leave_no_file(tmp_path: Path) -> None:
    model = tiny_llama.random_llama()
    with torch.no_grad():
        model.lm_head.weight[0, 0] = 1e6
    with pytest.raises(KnownError, match=r"65504 in lm_head.weight, found 1e\+06"):
        tiny_llama.write_gguf(model, tmp_path / "t.gguf")
    assert list(tmp_path.iterdir()) == []


def test_a_special_token_must_exist(tmp_path: Path) -> None:
    with pytest.raises(KnownError, match="'<end>'"):
        export_gguf(
            tiny_llama.random_llama(),
            tiny_llama.tokenizer(),
            tmp_path / "t.gguf",
            name="t",
            special=SpecialTokens(bos="<s>", eos="<end>"),
        )
