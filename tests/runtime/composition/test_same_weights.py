"""Weights are told from those of another model, and of one that was trained further."""

from __future__ import annotations

from pathlib import Path

import gguf
import pytest
import torch
from safetensors.torch import load_file, save_file
from transformers import Qwen3ForCausalLM

from plugins.errors import KnownError
from runtime.composition.same_weights import difference
from tests import tiny_qwen3


@pytest.fixture(scope="module")
def qwen3() -> Qwen3ForCausalLM:
    return tiny_qwen3.random_qwen3()


@pytest.fixture(scope="module")
def folder(qwen3: Qwen3ForCausalLM, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The model as a GGUF and as safetensors."""
    folder = tmp_path_factory.mktemp("same")
    tiny_qwen3.write_gguf(qwen3, folder / "qwen3.gguf")
    qwen3.save_pretrained(folder)
    return folder


def compared(folder: Path, weights: Path) -> str:
    found = difference([folder / "qwen3.gguf"], [weights], tiny_qwen3.LAYERS)
    return "" if found is None else found.tensor


def changed(folder: Path, name: str, *tensors: str) -> Path:
    """The weights with some tensors trained a little further."""
    weights = load_file(folder / "model.safetensors")
    for tensor in tensors:
        noise = torch.randn(weights[tensor].shape, generator=torch.Generator().manual_seed(1))
        weights[tensor] = weights[tensor] * (1 + 0.02 * noise)
    save_file(weights, folder / name)
    return folder / name


def test_a_gguf_is_the_model_that_it_was_made_of(folder: Path) -> None:
    assert compared(folder, folder / "model.safetensors") == ""
    halves = {k: v.bfloat16() for k, v in load_file(folder / "model.safetensors").items()}
    bare = {name.removeprefix("model."): tensor for name, tensor in halves.items()}
    save_file(bare, folder / "bare.safetensors")
    assert compared(folder, folder / "bare.safetensors") == ""


def test_a_quantised_one_is_that_too(folder: Path) -> None:
    quantised = folder / "q8.gguf"
    writer = gguf.GGUFWriter(quantised, "qwen3")
    for tensor in gguf.GGUFReader(folder / "qwen3.gguf").tensors:
        kind = gguf.GGMLQuantizationType.Q8_0 if tensor.data.ndim > 1 else tensor.tensor_type
        data = gguf.quantize(tensor.data.astype("float32"), kind)
        writer.add_tensor(tensor.name, data, raw_dtype=kind)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()

    weights = [folder / "model.safetensors"]
    assert difference([quantised], weights, tiny_qwen3.LAYERS) is None


def test_another_model_of_its_shapes_is_not(folder: Path, tmp_path: Path) -> None:
    tiny_qwen3.random_qwen3(1).save_pretrained(tmp_path)

    found = difference([folder / "qwen3.gguf"], [tmp_path / "model.safetensors"], 6)

    assert found is not None
    assert (found.tensor, found.alike < 0.5) == ("token_embd.weight", True)


def test_one_that_was_trained_further_shows_in_its_norms(folder: Path) -> None:
    last = f"model.layers.{tiny_qwen3.LAYERS - 1}"
    everywhere = changed(folder, "all.safetensors", "model.embed_tokens.weight",
                         "model.layers.0.input_layernorm.weight")  # fmt: skip
    assert compared(folder, everywhere) == "blk.0.attn_norm.weight"
    late = changed(folder, "late.safetensors", f"{last}.post_attention_layernorm.weight")
    assert compared(folder, late) == f"blk.{tiny_qwen3.LAYERS - 1}.ffn_norm.weight"


def test_what_cannot_be_compared_is_said(folder: Path) -> None:
    weights = load_file(folder / "model.safetensors")
    name = "model.embed_tokens.weight"
    save_file({**weights, name: weights[name].to(torch.float8_e4m3fn)}, folder / "f8.safetensors")
    with pytest.raises(KnownError, match="stored as F8_E4M3, which cannot be read"):
        compared(folder, folder / "f8.safetensors")
    del weights[name]
    save_file(weights, folder / "less.safetensors")
    with pytest.raises(KnownError, match=r"expected the tensor embed_tokens\.weight"):
        compared(folder, folder / "less.safetensors")
    (folder / "broken.gguf").write_bytes(b"GGUF and nothing more")
    with pytest.raises(KnownError, match="found one that is broken"):
        difference([folder / "broken.gguf"], [folder / "model.safetensors"], 6)
