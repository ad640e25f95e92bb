"""What a language model takes, checked against what llama.cpp says that it allocates."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import psutil
import pytest

from benchmarks.memory import needs as measuring
from runtime.language_model.chunks import TokenChunk
from runtime.language_model.gguf_check import GgufFacts, check_gguf
from runtime.language_model.gguf_layers import LayerFacts
from runtime.language_model.model import LanguageModel
from runtime.needs import gguf as needs
from tests import tiny_llama
from tests.runtime.needs import shapes
from tests.runtime.needs.shapes import Shape
from training.gguf.quantize import quantize

MIB, GIB = 2**20, 2**30
SHAPES = {
    "llama": shapes.LLAMA,
    "grouped heads": shapes.QWEN2,
    "wide heads": shapes.QWEN3,
    "sliding window": shapes.GEMMA3,
    "joined projection": shapes.PHI3,
    "experts": shapes.EXPERTS,
    "states in every second layer": shapes.LFM2,
}


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
    assert needs.cache_bytes(grouped, 4096) == 28 * 2 * 256 * 4096 * 2 == 112 * MIB
    stated = facts(block_count=2, attention__head_count=4, attention__key_length=64)
    assert needs.cache_bytes(stated, 256) == 2 * 4 * (64 + 384) * 256 * 2


def test_the_cache_of_a_real_model_takes_what_was_counted(models: dict[str, Path]) -> None:
    found = check_gguf(models["F16"])
    assert found.position_values == tiny_llama.random_llama(256).config.num_hidden_layers * 2 * 64


def test_checkpoints_of_what_cannot_drop_a_tail_are_counted() -> None:
    plain = facts(block_count=28, attention__head_count=12)
    assert needs.language_model(plain, 1050 * MIB, 4096, free=None).checkpoints == 0
    hybrid = facts(block_count=28, ssm__inner_size=4096, ssm__state_size=128, ssm__conv_kernel=4)
    found = needs.language_model(hybrid, 1050 * MIB, 4096, free=None)
    assert found.checkpoints >= 8 * 28 * 4096 * 128 * 4
    assert found.total >= found.weights + found.cache + found.checkpoints


def test_layers_that_share_a_cache_or_only_guess_ahead_have_none() -> None:
    layers = (LayerFacts(keys=64, values=64, attends=True),) * 10
    found = dataclasses.replace(facts(attention__shared_kv_layers=4), layers=layers)
    assert needs.cache_bytes(found, 256) == 6 * 128 * 256 * 2
    found = dataclasses.replace(facts(nextn_predict_layers=1), layers=layers)
    assert needs.cache_bytes(found, 256) == 9 * 128 * 256 * 2


@pytest.mark.parametrize(
    ("stated", "numbers"),
    [
        ({"ssm__conv_kernel": 4, "ssm__inner_size": 512, "ssm__state_size": 16,
          "ssm__group_count": 1}, 3 * 544 + 16 * 512),
        ({"shortconv__l_cache": 3}, 2 * 1536),
        ({"wkv__head_size": 64}, 1536 * 66),
    ],
)  # fmt: skip
def test_a_recurrent_layer_keeps_one_state_whatever_the_context(
    stated: dict[str, int], numbers: int
) -> None:
    layers = (LayerFacts(recurrent=True),) * 3
    found = dataclasses.replace(facts(**stated), layers=layers)
    assert needs.cache_bytes(found, 256) == needs.cache_bytes(found, 8192) == 3 * numbers * 4


@pytest.mark.parametrize("name", SHAPES)
def test_buffers_are_as_llama_cpp_allocates_them(name: str, tmp_path: Path) -> None:
    path = shapes.write(tmp_path / "zeros.gguf", SHAPES[name])
    found = check_gguf(path)

    taken = measuring.measured(path, 2048, fill=0)["buffers"]

    cache = taken["KV"] + taken.get("RS", 0)
    assert needs.cache_bytes(found, 2048) == pytest.approx(cache, abs=0.02 * MIB)
    assert needs.compute_bytes(found, 2048) == pytest.approx(taken["compute"], rel=0.06)


def test_what_is_really_taken_is_what_was_said(tmp_path: Path) -> None:
    shape = dataclasses.replace(shapes.LLAMA, layers=2, heads=16, width=1024, tokens=4000)
    path = shapes.write(tmp_path / "zeros.gguf", shape)
    said = needs.language_model(check_gguf(path), path.stat().st_size, 2048, free=0)

    taken = measuring.measured(path, 2048, fill=2048)["filled"]

    assert taken["anonymous"] == pytest.approx(said.total - said.weights, rel=0.1)
    assert taken["mapped"] == pytest.approx(said.weights, rel=0.1, abs=4 * MIB)


@pytest.mark.soak
def test_a_model_of_seven_billion_opens_at_the_memory_that_was_said(tmp_path: Path) -> None:
    if min(psutil.virtual_memory().available, psutil.disk_usage(str(tmp_path)).free) < 12 * GIB:
        pytest.skip("this needs 12 GiB of free memory, and of free disk")
    path = shapes.write(tmp_path / "random.gguf", shapes.SEVEN_B, random=True)
    try:
        size, found = path.stat().st_size, check_gguf(path)
        for n_ctx in (2048, 8192):
            said = needs.language_model(found, size, n_ctx, free=0)
            taken = measuring.measured(path, n_ctx, fill=512)
            opened, filled = taken["opened"], taken["filled"]
            print(
                f"{n_ctx}: opened in {taken['open_s']:.2f} s, said {said.total / GIB:.2f} GiB, "
                f"taken {sum(opened.values()) / GIB:.2f} and {sum(filled.values()) / GIB:.2f}"
            )
            assert opened["anonymous"] < said.cache + 32 * MIB  # Nothing is copied.
            assert sum(filled.values()) == pytest.approx(said.total, rel=0.1)
            short = needs.language_model(found, size, 512, free=0)
            touched = said.total - said.compute + short.compute  # Longer scores come later.
            assert sum(filled.values()) == pytest.approx(touched, rel=0.05)
    finally:
        path.unlink()


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
    parts = found.cache + found.copied + found.compute + found.words + found.checkpoints
    assert found.ram == found.total == 901 * MIB + parts
    assert not needs.language_model(model, 901 * MIB, 64, free=free, gpu_layers=-1).repack


@pytest.mark.parametrize("name", ["F16", "Q8_0", "Q4_K_M"])
def test_models_of_every_format_answer_as_the_needs_have_them_loaded(
    models: dict[str, Path], name: str
) -> None:
    size = models[name].stat().st_size
    found = needs.language_model(check_gguf(models[name]), size, 64, free=None)
    with LanguageModel(models[name], n_ctx=64, n_threads=1, repack=found.repack) as model:
        model.prefill([TokenChunk(tuple(model.tokenize("a red boat on the sea")))])
        assert np.isfinite(model.logits()).all()


def seven_b(tmp_path: Path, **changes: int) -> GgufFacts:
    shape = dataclasses.replace(shapes.SEVEN_B, **changes)  # type: ignore[arg-type]
    return check_gguf(shapes.write(tmp_path / "seven.gguf", shape))


def test_the_context_that_fits_is_the_largest_that_does(tmp_path: Path) -> None:
    found = seven_b(tmp_path)
    for free in (4 * GIB, 5 * GIB, 6 * GIB, 9 * GIB):
        n_ctx = needs.context_that_fits(found, free, most=8192)
        taken = [
            needs.language_model(found, found.tensor_bytes, positions, free=0).total
            for positions in (n_ctx, n_ctx + needs.STEP)
        ]
        assert n_ctx % needs.STEP == 0
        assert taken[0] <= free < taken[1] or n_ctx == 8192
    assert needs.context_that_fits(found, 3 * GIB) == 0
    assert needs.context_that_fits(found, 100 * GIB) == 131_072
    assert needs.context_that_fits(found, 100 * GIB, most=3000) == 3000


def test_as_many_layers_lie_on_a_card_as_it_has_room_for(tmp_path: Path) -> None:
    found = seven_b(tmp_path)
    every = needs.vram_bytes(found, 2048, -1)
    layer = found.layers[0].size + needs.cache_bytes(found, 2048) // 32
    assert 4.4 * GIB < every < 5.6 * GIB
    assert needs.layers_that_fit(found, every, 2048) == 33
    assert needs.layers_that_fit(found, every - 1, 2048) == 32
    assert needs.layers_that_fit(found, every - 10 * layer, 2048) == 23
    assert needs.layers_that_fit(found, 12 * GIB, 2048) == 33
    assert needs.layers_that_fit(found, 500 * MIB, 2048) == 0
    assert needs.vram_bytes(found, 2048, 0) == 0


def test_what_lies_on_a_card_does_not_lie_in_the_memory_of_the_machine(tmp_path: Path) -> None:
    found = seven_b(tmp_path)
    sums = [
        needs.language_model(found, found.tensor_bytes, 2048, free=None, gpu_layers=layers)
        for layers in (0, 10, 20, -1)
    ]
    assert [one.vram for one in sums] == sorted(one.vram for one in sums)
    assert sums[0].vram == 0 and sums[0].ram == sums[0].total
    assert sums[-1].ram < 300 * MIB


def test_a_shape_without_layers_of_tensors_is_counted_by_its_keys() -> None:
    assert Shape().kv(3) == 8
    plain = facts(block_count=2, attention__head_count=4)
    assert needs.layers_that_fit(plain, 10**12, 256) == 3
