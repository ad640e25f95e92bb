"""What a bundle's parts take in memory, checked against what is really loaded."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import save_file

from plugins.errors import KnownError
from runtime import needs
from runtime.bundle.bundle import Bundle
from runtime.components import load as components
from runtime.engine import Engine
from runtime.language_model.chunks import TokenChunk
from runtime.language_model.gguf_check import GgufFacts, check_gguf
from runtime.language_model.model import LanguageModel
from tests import tiny_llama
from training.gguf.quantize import quantize

MIB = 2**20


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """One random model in several formats."""
    folder = tmp_path_factory.mktemp("models")
    made = {"F16": folder / "f16.gguf"}
    model = tiny_llama.random_llama(256, num_attention_heads=8, num_key_value_heads=2)
    tiny_llama.write_gguf(model, made["F16"])
    for name in ("Q8_0", "Q4_K_M"):
        made[name] = folder / f"{name}.gguf"
        quantize(made["F16"], made[name], name, n_threads=1)
    return made


def facts(**metadata: int) -> GgufFacts:
    given = {f"x.{key.replace('__', '.')}": value for key, value in metadata.items()}
    return GgufFacts("x", 1536, 1000, 4096, 3, given, {12: 900 * MIB, 14: 100 * MIB, 8: 50 * MIB})


def test_the_cache_is_counted_as_the_heads_for_keys_and_values_say() -> None:
    grouped = facts(block_count=28, attention__head_count=12, attention__head_count_kv=2)
    assert grouped.position_values == 28 * 2 * (128 + 128)
    stated = facts(block_count=2, attention__head_count=4, attention__key_length=64)
    assert stated.position_values == 2 * 4 * (64 + 384)
    found = needs.language_model(grouped, 1050 * MIB, 4096, free=None)
    assert found.cache == 28 * 2 * 256 * 4096 * 2 == 112 * MIB


def test_the_cache_of_a_real_model_takes_what_was_counted(models: dict[str, Path]) -> None:
    found = check_gguf(models["F16"])
    assert found.position_values == tiny_llama.random_llama(256).config.num_hidden_layers * 2 * 64


def test_checkpoints_of_what_cannot_drop_a_tail_are_counted() -> None:
    plain = facts(block_count=28, attention__head_count=12)
    assert needs.language_model(plain, 1050 * MIB, 4096, free=None).checkpoints == 0
    hybrid = facts(block_count=28, ssm__inner_size=4096, ssm__state_size=128, ssm__conv_kernel=4)
    found = needs.language_model(hybrid, 1050 * MIB, 4096, free=None)
    assert found.checkpoints >= 8 * 28 * 4096 * 128 * 4
    assert found.total == found.weights + found.cache + found.checkpoints


@pytest.mark.parametrize(
    ("kind", "free", "flags", "copies"),
    [
        (2, None, "fma avx2", True),
        (2, 10**12, "fma avx2", True),
        (2, 1000 * MIB, "fma avx2", False),
        (2, None, "fma avx2 amx_bf16 amx_tile amx_int8", False),
        (1, None, "fma avx2", False),
        (12, None, "fma avx2", False),
    ],
)
def test_weights_are_copied_where_it_is_worth_it_fits_and_is_safe(
    kind: int,
    free: int | None,
    flags: str,
    copies: bool,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    (tmp_path / "cpuinfo").write_text(f"flags\t\t: {flags}\n")
    monkeypatch.setattr(needs, "_CPU_FACTS", tmp_path / "cpuinfo")
    model = dataclasses.replace(facts(block_count=2), bytes_by_type={kind: 900 * MIB, 0: MIB})

    found = needs.language_model(model, 901 * MIB, 64, free=free)

    assert (found.repack, found.copied) == (copies, 900 * MIB if copies else 0)
    assert found.total == 901 * MIB + found.cache + found.copied
    assert not needs.language_model(model, 901 * MIB, 64, free=free, on_gpu=True).repack


@pytest.mark.parametrize("name", ["F16", "Q8_0", "Q4_K_M"])
def test_models_of_every_format_answer_as_the_needs_have_them_loaded(
    models: dict[str, Path], name: str
) -> None:
    size = models[name].stat().st_size
    found = needs.language_model(check_gguf(models[name]), size, 64, free=None)
    with LanguageModel(models[name], n_ctx=64, n_threads=1, repack=found.repack) as model:
        model.prefill([TokenChunk(tuple(model.tokenize("a red boat on the sea")))])
        assert np.isfinite(model.logits()).all()


def test_half_precision_counts_double_since_networks_compute_in_float32(tmp_path: Path) -> None:
    file = tmp_path / "half.safetensors"
    save_file(
        {
            "weights": torch.zeros(10, 20, dtype=torch.float16),
            "bias": torch.zeros(5, dtype=torch.bfloat16),
            "ids": torch.zeros(3, dtype=torch.int64),
            "scale": torch.tensor(1.0),
        },
        file,
    )
    assert needs.network(file) == (200 + 5 + 1) * 4 + 3 * 8


@pytest.mark.parametrize("data", [b"", b"\x05\0\0\0\0\0\0\0hello", b"\xff" * 16])
def test_a_broken_file_is_named(tmp_path: Path, data: bytes) -> None:
    file = tmp_path / "broken.safetensors"
    file.write_bytes(data)
    with pytest.raises(KnownError, match=r"broken\.safetensors: expected a safetensors file"):
        needs.network(file)


def test_an_encoder_and_a_projection_take_what_was_counted(tiny_bundle: Bundle) -> None:
    specs = components.encoder_specs(tiny_bundle)
    for spec, load in zip(specs, (components.encoder, components.input_projection), strict=True):
        tensors = load(tiny_bundle).state_dict().values()
        size = sum(tensor.numel() * tensor.element_size() for tensor in tensors)
        assert needs.network(tiny_bundle.path(spec.file)) == size


def test_without_a_wish_the_budget_is_most_of_what_the_machine_can_give(
    tiny_bundle: Bundle,
) -> None:
    with Engine(tiny_bundle, device="cpu", threads=1) as engine:
        assert engine.memory.budget is None
        engine.load()
        assert engine.memory.budget is not None
        assert 0 < engine.memory.budget < needs.available_bytes() + 64 * MIB
        model = components.language_model_needs(tiny_bundle)
        assert [r.size for r in engine.memory.residents()] == [model.total]
        assert model.cache > 0


def test_what_a_container_allows_counts_where_it_is_less(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(needs, "_GROUPS", tmp_path)
    machine = needs.available_bytes()
    (tmp_path / "memory.max").write_text("max\n")
    (tmp_path / "memory.current").write_text("5000000\n")
    (tmp_path / "memory.stat").write_text("anon 1\nactive_file 1000000\ninactive_file 2000000\n")
    assert abs(needs.available_bytes() - machine) < machine / 2
    (tmp_path / "memory.max").write_text("9000000\n")
    assert needs.available_bytes() == 9_000_000 - 5_000_000 + 3_000_000
    (tmp_path / "memory.current").write_text("99000000\n")
    assert needs.available_bytes() == 0
