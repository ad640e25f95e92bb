"""What the names and shapes of tensors tell of the layers."""

from __future__ import annotations

from typing import Any

import pytest

from runtime.language_model.gguf_head import GgufHead, GgufTensor
from runtime.language_model.gguf_layers import LayerFacts, layers_of, output_bytes


def head(tensors: dict[str, GgufTensor], **lists: tuple[Any, ...]) -> GgufHead:
    numbers = {"x.attention.sliding_window": 512, "gemma3.attention.sliding_window": 512}
    return GgufHead(numbers, {}, {f"x.attention.{k}": v for k, v in lists.items()}, tensors)


def tensor(*shape: int, size: int) -> GgufTensor:
    return GgufTensor(0, shape, size)


def test_layers_of_several_kinds_are_told_apart() -> None:
    tensors = {
        "token_embd.weight": tensor(64, 1000, size=500),
        "blk.0.attn_q.weight": tensor(64, 64, size=10),
        "blk.0.attn_k.weight": tensor(64, 16, size=5),
        "blk.0.attn_v.weight": tensor(64, 24, size=5),
        "blk.1.attn_qkv.weight": tensor(64, 96, size=20),
        "blk.3.ssm_conv1d.weight": tensor(4, 128, size=7),
        "blk.3.ffn_up.weight": tensor(64, 256, size=30),
    }
    found = layers_of(head(tensors), "x")
    assert found == (
        LayerFacts(20, queries=64, keys=16, values=24, attends=True),
        LayerFacts(20, attends=True),
        LayerFacts(),
        LayerFacts(37, recurrent=True),
    )


def test_the_output_may_be_the_table_of_the_input() -> None:
    tied = {"token_embd.weight": tensor(64, 1000, size=500)}
    assert output_bytes(tied) == 500
    assert output_bytes({**tied, "output.weight": tensor(64, 1000, size=900)}) == 900
    assert output_bytes({}) == 0


def test_names_that_are_no_layers_are_left_out() -> None:
    names = ("blk.x.attn_k.weight", "blk.9999999.attn_k.weight", "blk.1", "v.blk.0.attn_k")
    assert layers_of(head(dict.fromkeys(names, tensor(1, 1, size=1))), "x") == ()


@pytest.mark.parametrize(
    ("architecture", "windowed"), [("x", [True, False, True, False]), ("gemma3", [True] * 4)]
)
def test_which_layers_have_a_window_is_said_by_the_file_or_by_the_architecture(
    architecture: str, windowed: list[bool]
) -> None:
    tensors = {f"blk.{n}.attn_q.weight": tensor(1, 1, size=1) for n in range(7)}
    found = layers_of(head(tensors, sliding_window_pattern=(1, 0, 1, 0)), architecture)
    assert [layer.windowed for layer in found[:4]] == windowed
    assert not found[5].windowed
