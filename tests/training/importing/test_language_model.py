"""The written GGUF computes what transformers computes with the adapters merged in, and nothing
less would."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import gguf
import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from transformers import LlamaForCausalLM

from plugins.errors import KnownError
from runtime.language_model.chunks import TokenChunk
from runtime.language_model.gguf_check import check_gguf
from runtime.language_model.model import LanguageModel
from runtime.language_model.token_embeddings import read_token_embeddings
from tests.training.importing.checkpoints import SMALL, WORDS, write_base, write_delta
from training.gguf.quantize import quantize
from training.importing import language_model
from training.importing.base import open_base
from training.importing.base_checks import matrices
from training.importing.delta import ADAPTED, EMBEDDINGS, HEAD, Delta, adapter, open_delta
from training.importing.language_model import write_language_model
from training.importing.sizes import Sizes

LINE = (1, 300, 320, 280, 500, 835, 13, 400, 290, 610)
CLOSE = 1e-3


@pytest.fixture(scope="module")
def sources(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sources")
    write_base(folder / "vicuna", SMALL)
    write_delta(folder / "delta", SMALL)
    return folder


def written(folder: Path, target: Path, base: Path | None = None, sizes: Sizes = SMALL) -> Path:
    delta = open_delta(folder / "delta", sizes)
    opened = open_base(base or folder / "vicuna", sizes)
    write_language_model(target, opened, delta, sizes, lambda _: None)
    return target


@torch.inference_mode()
def merged(folder: Path, sizes: Sizes = SMALL) -> NDArray[np.float32]:
    """[L, V] logits by transformers: the adapters merged by hand, both tables replaced."""
    model: Any = LlamaForCausalLM.from_pretrained(folder / "vicuna", dtype=torch.float32)
    delta = torch.load(folder / "delta/pytorch_model.pt", weights_only=True)
    for number, layer in enumerate(model.model.layers):
        for name in ADAPTED:
            a, b = (delta[adapter(number, name, side)].float() for side in "AB")
            getattr(layer.self_attn, name).weight += sizes.lora_scale * (b @ a)
    model.resize_token_embeddings(sizes.whole_vocab, mean_resizing=False)
    model.model.embed_tokens.weight.copy_(delta[EMBEDDINGS])
    model.lm_head.weight.copy_(delta[HEAD])
    logits: NDArray[np.float32] = model(torch.tensor([LINE])).logits[0, -1].numpy()
    return logits


def by_llama_cpp(file: Path) -> NDArray[np.float32]:
    with LanguageModel(file, n_ctx=32, n_threads=1) as model:
        model.prefill([TokenChunk(LINE)])
        return model.logits()


def distance(found: NDArray[np.float32], wanted: NDArray[np.float32]) -> float:
    return float(np.abs(found - wanted).max() / np.abs(wanted).max())


def test_the_file_computes_what_the_merged_model_does(sources: Path, tmp_path: Path) -> None:
    file = written(sources, tmp_path / "llm.gguf")
    assert distance(by_llama_cpp(file), merged(sources)) < CLOSE
    assert not list(tmp_path.glob("*.partial"))


def _without_adapters(monkeypatch: pytest.MonkeyPatch) -> None:
    def none(self: Delta, layer: int, projection: str) -> tuple[torch.Tensor, torch.Tensor]:
        return torch.zeros(4, SMALL.d_model), torch.zeros(SMALL.d_model, 4)

    monkeypatch.setattr(Delta, "adapters", none)


def _adapters_in_another_order(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(language_model, "rotary_order", lambda added, _: added)


def _halves_swapped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("training.importing.base.rotary_order", lambda weight, _: weight)
    monkeypatch.setattr(language_model, "rotary_order", lambda added, _: added)


@pytest.mark.parametrize("fault", [_without_adapters, _adapters_in_another_order, _halves_swapped])
def test_a_faulty_merge_would_be_seen(
    sources: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    fault: Callable[[pytest.MonkeyPatch], None],
) -> None:
    fault(monkeypatch)
    file = written(sources, tmp_path / "llm.gguf")
    assert distance(by_llama_cpp(file), merged(sources)) > 10 * CLOSE


@pytest.mark.parametrize("format_name", ["F16", "Q8_0"])
def test_a_gguf_of_vicuna_gives_the_same(sources: Path, tmp_path: Path, format_name: str) -> None:
    base = plain_gguf(sources, tmp_path, format_name)
    found = by_llama_cpp(written(sources, tmp_path / "llm.gguf", base))
    assert distance(found, merged(sources)) < (CLOSE if format_name == "F16" else 0.05)


def plain_gguf(sources: Path, folder: Path, format_name: str, sizes: Sizes = SMALL) -> Path:
    """Vicuna alone, as llama.cpp's own converter writes it."""
    opened = open_base(sources / "vicuna", sizes)
    path = folder / "vicuna-f16.gguf"
    writer = gguf.GGUFWriter(str(path), "llama")
    language_model._write_settings(writer, sizes)
    writer.add_tokenizer_model("llama")
    writer.add_token_list(list(opened.pieces.tokens))
    writer.add_token_scores(list(opened.pieces.scores))
    writer.add_token_types(list(opened.pieces.types))
    for name in matrices(sizes):
        writer.add_tensor(name, np.ascontiguousarray(opened.get(name)))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    if format_name == "F16":
        return path
    quantize(path, folder / f"vicuna-{format_name}.gguf", format_name, n_threads=1)
    return folder / f"vicuna-{format_name}.gguf"


def test_a_gguf_of_few_bits_is_refused(sources: Path, tmp_path: Path) -> None:
    wide = replace(SMALL, d_model=256, d_ff=256, layers=1)
    write_base(tmp_path / "vicuna", wide)
    few = plain_gguf(tmp_path, tmp_path, "Q4_K_M", wide)
    with pytest.raises(KnownError, match=r"F16, F32 or Q8_0, found Q4_K.* with --quantize"):
        open_base(few, wide)


def test_all_rows_are_the_checkpoints_and_signals_cannot_be_typed(
    sources: Path, tmp_path: Path
) -> None:
    file = written(sources, tmp_path / "llm.gguf")
    delta = torch.load(sources / "delta/pytorch_model.pt", weights_only=True)
    ids = [token for modality in SMALL.signals for token in SMALL.signal_ids(modality)]
    rows = read_token_embeddings(file, ids, d_model=SMALL.d_model)
    assert np.array_equal(rows, delta[EMBEDDINGS][ids].float().numpy())
    facts = check_gguf(file, n_vocab=len(WORDS) + 38)
    assert facts.metadata["llama.rope.freq_base"] == 10_000
    assert facts.metadata["tokenizer.ggml.add_bos_token"] is False
    with LanguageModel(file, n_ctx=32, n_threads=1) as model:
        typed = model.tokenize("say [IMG0] </Img> <Img>")
        assert not set(typed) & set(range(SMALL.n_vocab, SMALL.whole_vocab))
        assert model.tokenize("[IMG0]", parse_special=True)[-1] == ids[0]


def test_numbers_that_float16_cannot_hold_are_refused(sources: Path, tmp_path: Path) -> None:
    with pytest.raises(KnownError, match=r"in blk.0.attn_q.weight, found others"):
        language_model._half(np.array([1e6], np.float32), "blk.0.attn_q.weight")


@pytest.mark.soak
def test_two_layers_at_the_true_widths(tmp_path: Path) -> None:
    sizes = replace(SMALL, d_model=4096, d_ff=11_008, heads=32, lora_rank=32)
    write_base(tmp_path / "vicuna", sizes)
    write_delta(tmp_path / "delta", sizes)
    file = written(tmp_path, tmp_path / "llm.gguf", sizes=sizes)
    assert distance(by_llama_cpp(file), merged(tmp_path, sizes)) < CLOSE
