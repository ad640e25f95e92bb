"""Projections have NExT-GPT's names, sizes and arithmetic, load strictly and can be trained."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import save_file
from torch import nn
from torch.nn import functional

from plugins.api import Signal
from plugins.errors import KnownError
from runtime.bundle.manifest import InputProjectionSpec, SignalSpec
from runtime.projection import (
    GroupInputProjection,
    LinearInputProjection,
    OutputProjection,
    build_output_projection,
    load_input_projection,
    load_output_projection,
    make_condition,
)

SPEC = SignalSpec(
    token_ids=(1, 2),
    renderer="medley.image",
    decoder="image",
    condition_shape=(5, 12),
    projection="image.safetensors",
    d_hidden=16,
    n_heads=2,
    n_layers=2,
    d_feedforward=24,
)


def small_group() -> GroupInputProjection:
    torch.manual_seed(0)
    return GroupInputProjection(
        12, 20, width=16, depths=(2, 1, 1), heads=4, group_tokens=(6, 4), output_groups=(6, 3)
    )


def small_output() -> OutputProjection:
    torch.manual_seed(0)
    return build_output_projection(SPEC, d_model=20).eval()


@pytest.mark.parametrize(
    ("build", "parameters"),
    [
        (LinearInputProjection, 4_198_400),
        (GroupInputProjection, 53_144_912),
        (lambda: OutputProjection(4096, 768, 77), 31_958_784),
        (lambda: OutputProjection(4096, 512, 1), 31_788_544),
        (lambda: OutputProjection(4096, 1024, 77), 32_090_112),
    ],
)
def test_the_full_size_has_the_reference_number_of_parameters(
    build: Callable[[], nn.Module], parameters: int
) -> None:
    with torch.device("meta"):
        assert sum(p.numel() for p in build().parameters()) == parameters


def test_the_output_projection_has_the_129_tensors_of_the_published_delta() -> None:
    with torch.device("meta"):
        state = OutputProjection(4096, 768, 77).state_dict()
    assert len(state) == 129
    shapes = {name: tuple(tensor.shape) for name, tensor in state.items()}
    assert shapes["fc.weight"] == (512, 4096)
    assert shapes["query_embs"] == (1, 77, 512)
    assert shapes["model.weight"] == (768, 512)
    assert shapes["tfm.encoder.layers.3.linear1.weight"] == (2048, 512)
    assert shapes["tfm.decoder.layers.3.multihead_attn.in_proj_weight"] == (1536, 512)
    assert shapes["tfm.decoder.layers.3.norm3.weight"] == (512,)
    assert shapes["tfm.encoder.norm.weight"] == shapes["tfm.decoder.norm.bias"] == (512,)


def test_the_linear_projection_gives_one_position() -> None:
    projection = LinearInputProjection(12, 20)
    embedding = torch.randn(3, 12)
    projected = projection(embedding, torch.randn(3, 7, 12))
    assert projected.shape == (3, projection.positions, 20)
    expected = embedding @ projection.weight.T + projection.bias
    torch.testing.assert_close(projected[:, 0], expected)
    assert set(projection.state_dict()) == {"weight", "bias"}


@pytest.mark.parametrize("patches", [256, 228, 5])
def test_the_grouping_projection_gives_as_many_positions_for_any_medium(patches: int) -> None:
    projection = small_group().eval()
    assert projection.positions == 3
    assert projection(None, torch.randn(2, patches, 12)).shape == (2, 3, 20)


def test_the_grouping_projection_has_the_reference_names() -> None:
    names = set(small_group().state_dict())
    for name in (
        "in_fc.weight",
        "layers.0.group_token",
        "layers.0.blocks.1.attn.qkv.weight",
        "layers.0.downsample.mlp_inter.fc1.weight",
        "layers.0.downsample.pre_assign_attn.attn.q_proj.bias",
        "layers.0.downsample.assign.v_proj.weight",
        "layers.1.group_projector.1.fc2.bias",
        "layers.2.blocks.0.norm2.weight",
        "norm.weight",
        "out_fc.bias",
    ):
        assert name in names, name
    assert "layers.0.blocks.0.attn.qkv.bias" not in names
    assert "layers.2.group_token" not in names


def test_assignment_is_hard_and_averages_over_members_plus_one() -> None:
    assign = small_group().eval().get_submodule("layers.0.downsample.assign")
    groups, tokens = torch.randn(1, 3, 16), torch.randn(1, 9, 16)
    q, k, v = (
        functional.linear(
            x, assign.get_parameter(n + ".weight"), assign.get_parameter(n + ".bias")
        )[0]
        for n, x in (("q_proj", groups), ("k_proj", tokens), ("v_proj", tokens))
    )
    winner = (q @ k.T / math.sqrt(16)).argmax(dim=0)
    gathered = torch.stack(
        [v[winner == g].sum(dim=0) / ((winner == g).sum() + 1) for g in range(3)]
    )
    expected = functional.linear(
        gathered, assign.get_parameter("proj.weight"), assign.get_parameter("proj.bias")
    )
    torch.testing.assert_close(assign(groups, tokens)[0], expected)


def test_grouping_is_drawn_in_training_and_certain_in_use() -> None:
    projection, patches = small_group(), torch.randn(1, 40, 12)
    projection.train()
    assert not torch.equal(projection(None, patches), projection(None, patches))
    projection.eval()
    assert torch.equal(projection(None, patches), projection(None, patches))


@pytest.mark.parametrize("training", [True, False])
def test_every_weight_of_the_grouping_projection_learns(training: bool) -> None:
    projection = small_group().train(training)
    (projection(None, torch.randn(2, 40, 12)) * torch.randn(20)).sum().backward()
    silent = [n for n, p in projection.named_parameters() if p.grad is None or not p.grad.any()]
    # A key's bias moves all tokens alike, which no softmax over tokens can see.
    assert [n for n in silent if not n.endswith("pre_assign_attn.attn.k_proj.bias")] == []


def test_every_weight_of_the_output_projection_learns() -> None:
    projection = small_output().train()
    projection(torch.randn(2, 4, 20), torch.randn(2, 4, 20)).square().sum().backward()
    assert [n for n, p in projection.named_parameters() if p.grad is None] == []


def test_the_output_projection_computes_what_the_reference_computes() -> None:
    """The same net, put together from torch's own layers as NExT-GPT does it."""
    projection = small_output()
    layer = nn.TransformerEncoderLayer(16, 2, 24, 0.0, batch_first=True, norm_first=True)
    encoder = nn.TransformerEncoder(layer, 2, nn.LayerNorm(16), enable_nested_tensor=False)
    reference = nn.Transformer(
        16, 2, 2, 2, 24, 0.0, custom_encoder=encoder, batch_first=True, norm_first=True
    ).eval()
    reference.load_state_dict(projection.tfm.state_dict(), strict=True)
    hidden, embeddings = torch.randn(2, 4, 20), torch.randn(2, 4, 20)
    x = functional.linear(hidden + embeddings, projection.fc.weight, projection.fc.bias)
    x = reference(x, projection.query_embs.repeat(2, 1, 1))
    expected = functional.linear(x, projection.model.weight, projection.model.bias)
    torch.testing.assert_close(projection(hidden, embeddings), expected)


def test_a_condition_of_one_axis_is_one_position() -> None:
    spec = SignalSpec(
        token_ids=(1,), renderer="medley.audio", decoder="audio", condition_shape=(12,), d_hidden=16
    )
    projection = build_output_projection(spec, d_model=20).eval()
    assert projection.query_embs.shape == (1, 1, 16)
    hidden = np.random.default_rng(0).standard_normal((8, 20), dtype=np.float32)
    condition = make_condition(projection, Signal("audio", hidden, hidden), (12,))
    assert condition.embeds is not None
    assert (condition.embeds.shape, condition.embeds.dtype) == ((12,), np.float32)


def test_a_signal_of_another_width_names_both_widths() -> None:
    signal = Signal("image", np.zeros((4, 24), np.float32), np.zeros((4, 24), np.float32))
    with pytest.raises(KnownError, match=r"width 20, found \[4, 24\] and \[4, 24\]"):
        make_condition(small_output(), signal, (5, 12))


def test_a_condition_shape_of_three_axes_is_refused() -> None:
    spec = SignalSpec(token_ids=(1,), renderer="r", decoder="d", condition_shape=(1, 2, 3))
    with pytest.raises(KnownError, match=r"1 or 2 axes, found \[1, 2, 3\]"):
        build_output_projection(spec, d_model=20)


GROUP_SPEC = InputProjectionSpec(
    kind="group",
    file="input.safetensors",
    config={
        "width": 16,
        "depths": [2, 1, 1],
        "heads": 4,
        "group_tokens": [6, 4],
        "output_groups": [6, 3],
    },
)


def test_saved_projections_load_to_the_same_numbers(tmp_path: Path) -> None:
    group, output = small_group().eval(), small_output()
    save_file(group.state_dict(), tmp_path / "input.safetensors")
    save_file(output.state_dict(), tmp_path / "image.safetensors")
    loaded_in = load_input_projection(
        GROUP_SPEC, tmp_path / "input.safetensors", d_encoder=12, d_model=20
    )
    loaded_out = load_output_projection(SPEC, tmp_path / "image.safetensors", d_model=20)
    patches, states = torch.randn(1, 9, 12), torch.randn(1, 2, 20)
    torch.testing.assert_close(loaded_in(None, patches), group(None, patches))
    torch.testing.assert_close(loaded_out(states, states), output(states, states))


def test_a_linear_projection_is_named_by_its_kind(tmp_path: Path) -> None:
    save_file(LinearInputProjection(12, 20).state_dict(), tmp_path / "input.safetensors")
    spec = InputProjectionSpec(kind="linear", file="input.safetensors")
    loaded = load_input_projection(spec, tmp_path / "input.safetensors", d_encoder=12, d_model=20)
    assert isinstance(loaded, LinearInputProjection)


@pytest.mark.parametrize(
    ("config", "problem"),
    [
        ({"widht": 16}, "widht"),
        ({"width": 15}, "expected a width that 8 heads divide, found 15"),
        ({"depths": [1]}, "expected 0 group_tokens and output_groups for 1 depths"),
        ({"d_encoder": 7}, "expected d_encoder 12 as in the rest of the bundle, found 7"),
    ],
)
def test_settings_that_cannot_work_are_one_clear_line(
    tmp_path: Path, config: dict[str, object], problem: str
) -> None:
    spec = InputProjectionSpec(kind="group", file="input.safetensors", config=config)
    with pytest.raises(KnownError) as caught:
        load_input_projection(spec, tmp_path / "input.safetensors", d_encoder=12, d_model=20)
    assert problem in str(caught.value)


def test_files_that_do_not_fit_are_refused_with_every_problem(tmp_path: Path) -> None:
    path = tmp_path / "image.safetensors"
    state = dict(small_output().state_dict())
    state["extra"] = torch.zeros(2)
    del state["fc.bias"]
    state["query_embs"] = torch.zeros(1, 6, 16)
    save_file(state, path)
    with pytest.raises(KnownError) as caught:
        load_output_projection(SPEC, path, d_model=20)
    for part in ("missing fc.bias [16]", "left over extra [2]", "expected [1, 5, 16], found [1, 6"):
        assert part in str(caught.value)


@pytest.mark.parametrize("content", [b"", b"\x80\x04pickle", bytes(64), None])
def test_what_is_no_safetensors_file_is_one_clear_line(
    tmp_path: Path, content: bytes | None
) -> None:
    path = tmp_path / "image.safetensors"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(KnownError, match=r"output projection for medley\.image: expected"):
        load_output_projection(SPEC, path, d_model=20)


def test_a_truncated_safetensors_file_is_one_clear_line(tmp_path: Path) -> None:
    path = tmp_path / "image.safetensors"
    save_file(small_output().state_dict(), path)
    path.write_bytes(path.read_bytes()[:-100])
    with pytest.raises(KnownError, match="cannot be read as one"):
        load_output_projection(SPEC, path, d_model=20)
