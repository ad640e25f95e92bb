"""The numbers of tensors in GGUF files, by the gguf package. Knows files; knows no model."""

from __future__ import annotations

from pathlib import Path

import gguf
import numpy as np
from numpy.typing import NDArray

from plugins.errors import KnownError

Float32 = NDArray[np.float32]


def open_gguf(path: Path) -> gguf.GGUFReader:
    """The tensors of a file.

    Raises:
        KnownError: it is broken.
    """
    try:
        return gguf.GGUFReader(path)
    except (ValueError, KeyError, IndexError, TypeError) as error:
        raise KnownError(
            "{path}: expected a GGUF file that can be read, found one that is broken. Get it "
            "again from its source.",
            path=path.name,
        ) from error


def rows_of(path: Path, tensor: gguf.ReaderTensor, rows: NDArray[np.int_]) -> Float32:
    """[R, W]: some rows of a tensor of `path`, which has them; a tensor of one axis is one row.

    Raises:
        KnownError: the gguf package cannot read the type that it is stored as.
    """
    count = int(tensor.shape[1]) if len(tensor.shape) > 1 else 1
    try:
        values = gguf.dequantize(tensor.data.reshape(count, -1)[rows], tensor.tensor_type)
    except NotImplementedError as error:  # The package's word for a type that it does not know.
        raise unreadable(path, tensor.name, tensor.tensor_type.name) from error
    return np.ascontiguousarray(values, dtype=np.float32)


def unreadable(path: Path, name: str, kind: str) -> KnownError:
    """What a person is told of a tensor of a type that cannot be read."""
    return KnownError(
        "{path}: {tensor} is stored as {kind}, which cannot be read here. Use a file that stores "
        "it as Q8_0 or F16.",
        "bundle",
        path=path.name,
        tensor=name,
        kind=kind,
    )
