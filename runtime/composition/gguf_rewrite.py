"""Writes a GGUF file again with other values in some fields and tensors; everything else is copied
bit for bit.

Knows the file format through `gguf`; knows no llama.cpp and no torch.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import gguf
import numpy as np
from numpy.typing import NDArray

from plugins.errors import KnownError
from plugins.printable import shown

Array = NDArray[Any]
_ARCHITECTURE = "general.architecture"


@dataclass(frozen=True)
class Stored:
    """A tensor as a file holds it."""

    data: Array
    """Rows first; of a quantized tensor the bytes of each row, else its numbers."""
    kind: gguf.GGMLQuantizationType | None = None
    """None for numbers."""

    def numbers(self) -> NDArray[np.float32]:
        """The tensor as float32."""
        if self.kind is None:
            return self.data.astype(np.float32)
        whole: NDArray[np.float32] = gguf.dequantize(self.data, self.kind)
        return whole


def rewrite_gguf(
    source: Path,
    target: Path,
    *,
    tensors: Mapping[str, Callable[[Stored], Stored]],
    field: Callable[[str, Any], Any] = lambda _, value: value,
) -> None:
    """Write `source` to `target`, completely or not at all.

    Args:
        tensors: what becomes of tensors, by name.
        field: what becomes of a field's value, by its name.

    Raises:
        KnownError: a tensor that is to change is not in the file.
        OSError: the disk refuses.
    """
    reader = gguf.GGUFReader(source)
    missing = tensors.keys() - {tensor.name for tensor in reader.tensors}
    if missing:
        raise KnownError(
            "{path}: expected the tensors {names}, found none of that name. This architecture "
            "cannot be written back; choose another language model.",
            path=shown(source),
            names=", ".join(sorted(missing)),
        )
    partial = target.with_name(f"{target.name}.partial")
    writer = gguf.GGUFWriter(str(partial), str(field_value(reader, _ARCHITECTURE)))
    try:
        _copy_fields(reader, writer, field)
        changed = {
            tensor.name: tensors[tensor.name](Stored(tensor.data, tensor.tensor_type))
            for tensor in reader.tensors
            if tensor.name in tensors
        }
        _copy_tensors(reader, writer, changed)
        writer.close()
        os.replace(partial, target)
    finally:
        writer.close()
        partial.unlink(missing_ok=True)


def field_value(reader: gguf.GGUFReader, key: str) -> Any:
    """The value of a field; None where there is none."""
    found = reader.get_field(key)
    return None if found is None else found.contents()


def _copy_fields(
    reader: gguf.GGUFReader, writer: gguf.GGUFWriter, field: Callable[[str, Any], Any]
) -> None:
    for one in reader.fields.values():
        if one.name == _ARCHITECTURE or one.name.startswith("GGUF."):
            continue
        nested = one.types[-1] if one.types[0] == gguf.GGUFValueType.ARRAY else None
        value = field(one.name, one.contents())
        writer.add_key_value(one.name, value, one.types[0], sub_type=nested)


def _copy_tensors(
    reader: gguf.GGUFReader, writer: gguf.GGUFWriter, changed: Mapping[str, Stored]
) -> None:
    every = [
        (tensor.name, changed.get(tensor.name, Stored(tensor.data, tensor.tensor_type)))
        for tensor in reader.tensors
    ]
    for name, stored in every:
        data = stored.data
        writer.add_tensor_info(name, data.shape, data.dtype, data.nbytes, stored.kind)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_ti_data_to_file()
    for _, stored in every:
        writer.write_tensor_data(np.ascontiguousarray(stored.data))
