"""Files of tensors are read one tensor at a time, and nothing but tensors is believed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file

from plugins.errors import KnownError
from training.importing.tensors import TensorFiles, weight_files


def test_both_kinds_give_the_same(tmp_path: Path) -> None:
    state = {"a": torch.arange(6.0).reshape(2, 3), "b": torch.tensor(3)}
    save_file(state, tmp_path / "a.safetensors")
    torch.save(state, tmp_path / "a.bin")
    torch.save({"state_dict": state}, tmp_path / "b.pth")
    for name in ("a.safetensors", "a.bin", "b.pth"):
        files = TensorFiles([tmp_path / name])
        assert files.shapes == {"a": (2, 3), "b": ()}
        assert torch.equal(files.get("a"), state["a"])
        assert files.dtype("b") == torch.int64


def test_a_view_is_read_in_its_own_order(tmp_path: Path) -> None:
    torch.save({"a": torch.arange(6.0).reshape(2, 3).T}, tmp_path / "a.bin")
    found = TensorFiles([tmp_path / "a.bin"]).get("a")
    assert found.is_contiguous()
    assert found.tolist() == [[0, 3], [1, 4], [2, 5]]


def test_a_name_in_two_files_is_refused(tmp_path: Path) -> None:
    for name in ("a.bin", "b.bin"):
        torch.save({"x": torch.zeros(1)}, tmp_path / name)
    with pytest.raises(KnownError, match=r"found x in a\.bin as well"):
        TensorFiles([tmp_path / "a.bin", tmp_path / "b.bin"])


@pytest.mark.parametrize("held", [{"x": Path("a")}, [1], {"x": 1}, {1: torch.zeros(1)}])
def test_what_is_no_tensor_is_refused(tmp_path: Path, held: object) -> None:
    torch.save(held, tmp_path / "a.bin")
    with pytest.raises(KnownError, match=r"a\.bin: expected"):
        TensorFiles([tmp_path / "a.bin"])


@pytest.mark.parametrize("name", ["a.bin", "a.safetensors"])
@pytest.mark.parametrize("data", [b"", b"not a file of tensors", b"PK\x03\x04" + bytes(90)])
def test_a_broken_file_is_one_sentence(tmp_path: Path, name: str, data: bytes) -> None:
    (tmp_path / name).write_bytes(data)
    with pytest.raises(KnownError, match="expected a file of tensors, found one that cannot"):
        TensorFiles([tmp_path / name])


def test_weights_are_found_whole_and_in_shards(tmp_path: Path) -> None:
    with pytest.raises(KnownError, match="found neither"):
        weight_files(tmp_path)
    (tmp_path / "pytorch_model.bin").touch()
    assert [file.name for file in weight_files(tmp_path)] == ["pytorch_model.bin"]
    index = {"weight_map": {"a": "m-1.safetensors", "b": "m-2.safetensors", "c": "m-1.safetensors"}}
    (tmp_path / "model.safetensors.index.json").write_text(json.dumps(index), "utf-8")
    (tmp_path / "m-1.safetensors").touch()
    with pytest.raises(KnownError, match=r"found no m-2\.safetensors"):
        weight_files(tmp_path)
    (tmp_path / "m-2.safetensors").touch()
    assert [file.name for file in weight_files(tmp_path)] == ["m-1.safetensors", "m-2.safetensors"]
    (tmp_path / "model.safetensors.index.json").write_text("[]", "utf-8")
    with pytest.raises(KnownError, match="cannot be read as such"):
        weight_files(tmp_path)
