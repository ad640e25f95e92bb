"""The numbers of tensors in GGUF files."""

from __future__ import annotations

from pathlib import Path

import gguf
import numpy as np
import pytest

from plugins.errors import KnownError
from runtime.language_model.gguf_values import open_gguf, rows_of

TABLE = np.arange(4 * 32, dtype=np.float32).reshape(4, 32)


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A table in two types, and a vector."""
    path = tmp_path_factory.mktemp("values") / "numbers.gguf"
    writer = gguf.GGUFWriter(path, "llama")
    q8_0 = gguf.GGMLQuantizationType.Q8_0
    writer.add_tensor("half", TABLE.astype(np.float16))
    writer.add_tensor("small", gguf.quants.quantize(TABLE, q8_0), raw_dtype=q8_0)
    writer.add_tensor("vector", TABLE[0])
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path


def test_rows_are_given_as_numbers(file: Path) -> None:
    tensors = {tensor.name: tensor for tensor in open_gguf(file).tensors}

    np.testing.assert_array_equal(rows_of(file, tensors["half"], np.array([3, 1])), TABLE[[3, 1]])
    np.testing.assert_allclose(rows_of(file, tensors["small"], np.array([2])), TABLE[[2]], atol=0.5)
    np.testing.assert_array_equal(rows_of(file, tensors["vector"], np.array([0])), TABLE[:1])


def test_a_type_that_cannot_be_read_is_named(file: Path) -> None:
    (tensor, *_) = open_gguf(file).tensors
    unknown = tensor._replace(tensor_type=gguf.GGMLQuantizationType.Q8_1)

    with pytest.raises(KnownError, match="half is stored as Q8_1, which cannot be read here"):
        rows_of(file, unknown, np.array([0]))


def test_a_broken_file_is_told_of(tmp_path: Path) -> None:
    path = tmp_path / "broken.gguf"
    path.write_bytes(b"GGUF" + bytes(8))

    with pytest.raises(KnownError, match="found one that is broken"):
        open_gguf(path)
