"""The checkpoint is opened strictly: everything that differs is named."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from torch import Tensor

from plugins.errors import KnownError
from tests.training.importing.checkpoints import SMALL, delta_tensors, write_delta, write_tokens
from training.importing.delta import EMBEDDINGS, HEAD, expected, open_delta, read_marks
from training.importing.sizes import MARKS, MARKS_AS_SETS, PUBLISHED

A = "llama_model.base_model.model.model.layers.1.self_attn.v_proj.lora_A.default.weight"


def test_the_published_checkpoint_has_647_tensors() -> None:
    shapes = expected(PUBLISHED)
    assert len(shapes) == 647
    assert sum(torch.Size(shape).numel() for shape in shapes.values()) == 396_045_568
    assert PUBLISHED.whole_vocab == 32_038
    assert PUBLISHED.signal_ids("image") == (32_002, 32_003, 32_004, 32_005)
    assert PUBLISHED.signal_ids("video")[0] == 32_006
    assert PUBLISHED.signal_ids("audio") == tuple(range(32_030, 32_038))
    projections = [name for name in shapes if name.startswith("gen_text_hidden_fcs")]
    assert len(projections) == 3 * 129


def test_a_whole_checkpoint_is_opened_from_its_folder_and_from_its_file(tmp_path: Path) -> None:
    tensors = write_delta(tmp_path, SMALL)
    for path in (tmp_path, tmp_path / "pytorch_model.pt"):
        delta = open_delta(path, SMALL)
        assert delta.marks == "text"
        assert all(torch.equal(delta.get(name), tensor) for name, tensor in tensors.items())


def _missing(tensors: dict[str, Tensor]) -> None:
    del tensors[A]


def _extra(tensors: dict[str, Tensor]) -> None:
    tensors["input_embeddings.weight"] = tensors[EMBEDDINGS]


def _transposed(tensors: dict[str, Tensor]) -> None:
    tensors[A] = tensors[A].T.contiguous()


def _another_rank(tensors: dict[str, Tensor]) -> None:
    tensors[A] = torch.zeros(8, SMALL.d_model)


def _pad_row(tensors: dict[str, Tensor]) -> None:
    for name in (EMBEDDINGS, HEAD):
        tensors[name] = torch.zeros(SMALL.whole_vocab + 1, SMALL.d_model)


def _few_rows(tensors: dict[str, Tensor]) -> None:
    tensors[EMBEDDINGS] = torch.zeros(SMALL.n_vocab, SMALL.d_model)


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (
            _missing,
            r"found missing .*layers\.1\.self_attn\.v_proj\.lora_A\.default\.weight \[4, 64\]",
        ),
        (_extra, r"found left over input_embeddings\.weight"),
        (
            _transposed,
            r"v_proj\.lora_A\.default\.weight transposed: \[64, 4\] in place of \[4, 64\]",
        ),
        (_another_rank, r"lora_A\.default\.weight of shape \[8, 64\] in place of \[4, 64\]"),
        (_pad_row, rf"found {SMALL.whole_vocab + 1}\. With one more, a tokenizer with \[PAD\]"),
        (_few_rows, rf"found {SMALL.n_vocab}\. Then the numbers of the signal tokens are others"),
    ],
)
def test_what_differs_is_named(
    tmp_path: Path, spoil: Callable[[dict[str, Tensor]], None], said: str
) -> None:
    tensors = delta_tensors(SMALL)
    spoil(tensors)
    torch.save(tensors, tmp_path / "pytorch_model.pt")
    with pytest.raises(KnownError, match=said):
        open_delta(tmp_path, SMALL)


def test_a_path_without_a_checkpoint_is_refused(tmp_path: Path) -> None:
    with pytest.raises(KnownError, match=r"the folder with pytorch_model\.pt, found none"):
        open_delta(tmp_path, SMALL)


def test_the_names_of_1_5_are_the_same_networks(tmp_path: Path) -> None:
    own = {
        name.replace(".0.fc.", ".0.in_fc.").replace(".0.model.", ".0.out_fc."): tensor
        for name, tensor in delta_tensors(SMALL).items()
    }
    torch.save(own, tmp_path / "pytorch_model.pt")
    delta = open_delta(tmp_path, SMALL)
    assert "gen_text_hidden_fcs.0.in_fc.weight" in delta.tensors.shapes
    name = "gen_text_hidden_fcs.0.in_fc.weight"
    assert torch.equal(delta.get("gen_text_hidden_fcs.0.fc.weight"), own[name])


@pytest.mark.parametrize(("marks", "how"), [(MARKS, "token"), (MARKS_AS_SETS, "text")])
def test_the_names_of_its_tokens_say_how_marks_were_cut(
    tmp_path: Path, marks: tuple[str, ...], how: str
) -> None:
    write_tokens(tmp_path, SMALL, marks)
    assert read_marks(tmp_path, SMALL) == how


def test_the_published_file_of_tokens_has_746_bytes(tmp_path: Path) -> None:
    write_tokens(tmp_path, PUBLISHED, MARKS_AS_SETS)
    as_sets = (tmp_path / "added_tokens.json").stat().st_size
    write_tokens(tmp_path, PUBLISHED, MARKS)
    assert as_sets - (tmp_path / "added_tokens.json").stat().st_size == 8


def test_without_tokens_nothing_is_known(tmp_path: Path) -> None:
    assert read_marks(tmp_path, SMALL) is None


def test_tokens_that_pad_shifted_are_refused(tmp_path: Path) -> None:
    write_tokens(tmp_path, SMALL, shift=1)
    said = (
        r"found \[PAD\] besides; other numbers for <Img>, </Img>, \[IMG0\].* \[PAD\] that was there"
    )
    with pytest.raises(KnownError, match=said):
        read_marks(tmp_path, SMALL)


@pytest.mark.parametrize("text", ["", "[]", '{"[IMG0]": "x"}', '{"[IMG0]": 5}', "\0"])
def test_a_file_of_other_tokens_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "added_tokens.json").write_text(text, "utf-8")
    with pytest.raises(KnownError, match=r"added_tokens\.json: expected"):
        read_marks(tmp_path, SMALL)
