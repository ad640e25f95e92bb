"""What the names and shapes of tensors tell of the layers."""

from __future__ import annotations

from runtime.language_model.gguf_layers import LayerFacts, LayerTally


def test_layers_of_several_kinds_are_told_apart() -> None:
    tally = LayerTally()
    for name, shape, size in (
        ("token_embd.weight", [64, 1000], 500),
        ("blk.0.attn_q.weight", [64, 64], 10),
        ("blk.0.attn_k.weight", [64, 16], 5),
        ("blk.0.attn_v.weight", [64, 24], 5),
        ("blk.1.attn_qkv.weight", [64, 96], 20),
        ("blk.3.ssm_conv1d.weight", [4, 128], 7),
        ("blk.3.ffn_up.weight", [64, 256], 30),
    ):
        tally.add(name, shape, size)
    assert tally.layers() == (
        LayerFacts(20, queries=64, keys=16, values=24, attends=True),
        LayerFacts(20, attends=True),
        LayerFacts(),
        LayerFacts(37, recurrent=True),
    )


def test_the_output_may_be_the_table_of_the_input() -> None:
    tally = LayerTally()
    tally.add("token_embd.weight", [64, 1000], 500)
    assert tally.output_bytes == 500
    tally.add("output.weight", [64, 1000], 900)
    assert tally.output_bytes == 900


def test_names_that_are_no_layers_are_left_out() -> None:
    tally = LayerTally()
    for name in ("blk.x.attn_k.weight", "blk.9999999.attn_k.weight", "blk.1", "v.blk.0.attn_k"):
        tally.add(name, [1, 1], 1)
    assert tally.layers() == ()
