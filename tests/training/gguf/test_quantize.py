"""Quantized GGUF files against the model they come from."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import gguf
import numpy as np
import pytest
import torch
from transformers import LlamaForCausalLM

from plugins.errors import KnownError
from runtime.language_model.chunks import TokenChunk
from runtime.language_model.model import LanguageModel
from tests import tiny_llama
from training.gguf.quantize import quantize

PROMPT = "<s><user><Img></Img>a red boat, at night 🚤<assistant>the dog [IMG0][IMG1][IMG2][IMG3]"

pytestmark = pytest.mark.usefixtures("one_thread")


def run_llama_cpp(path: Path, ids: list[int]) -> Any:
    with LanguageModel(path, n_ctx=256, n_threads=1) as model:
        return model.states([TokenChunk(tuple(ids))])


def run_hugging_face(model: LlamaForCausalLM, ids: list[int]) -> Any:
    with torch.no_grad():
        out = model(torch.tensor([ids]), output_hidden_states=True)
    return out.hidden_states[-1][0].numpy()


def cosine(a: Any, b: Any) -> Any:
    return (a * b).sum(-1) / np.linalg.norm(a, axis=-1) / np.linalg.norm(b, axis=-1)


@pytest.mark.parametrize(("format_name", "least"), [("Q8_0", 0.995), ("Q4_K_M", 0.85)])
def test_quantized_states_stay_near(tmp_path: Path, format_name: str, least: float) -> None:
    # Random weights attend sharply and carry no redundancy: trained ones stay much nearer.
    model = tiny_llama.random_llama(256)
    full = tiny_llama.write_gguf(model, tmp_path / "f16.gguf")
    small = tmp_path / "small.gguf"
    quantize(full, small, format_name, n_threads=1)
    ids = tiny_llama.ids(PROMPT)
    states = run_llama_cpp(small, ids)
    expected = run_hugging_face(model, ids)
    assert cosine(states, expected).min() > least
    assert small.stat().st_size < 0.65 * full.stat().st_size
    kinds = {t.name: t.tensor_type.name for t in gguf.GGUFReader(small).tensors}
    assert kinds["token_embd.weight"] == kinds["output.weight"] == "Q8_0"
    assert sorted(p.name for p in tmp_path.iterdir()) == ["f16.gguf", "small.gguf"]


def test_an_unknown_quantization_is_refused_with_the_known_ones(tmp_path: Path) -> None:
    with pytest.raises(KnownError, match=r"Q8_0.*found 'Q9'"):
        quantize(tmp_path / "a.gguf", tmp_path / "b.gguf", "Q9")


def test_a_broken_source_is_not_quantised(tmp_path: Path) -> None:
    (tmp_path / "a.gguf").write_bytes(b"GGUF" + bytes(100))
    with pytest.raises(KnownError, match="version"):
        quantize(tmp_path / "a.gguf", tmp_path / "b.gguf", "Q8_0")
    assert not (tmp_path / "b.gguf").exists()
