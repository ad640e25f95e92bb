"""Writes a safetensors file one tensor at a time, so that no more than one is in memory.

Knows the file format: eight bytes with the length of the head, the head in JSON, the numbers.
"""

from __future__ import annotations

import json
import math
import os
import struct
from collections.abc import Callable, Mapping
from pathlib import Path

import torch
from torch import Tensor

Tell = Callable[[int], None]
"""Told how many more bytes are done; may raise to stop."""
NAMES = {
    torch.float64: "F64", torch.float32: "F32", torch.float16: "F16", torch.bfloat16: "BF16",
    torch.int64: "I64", torch.int32: "I32", torch.int16: "I16", torch.int8: "I8",
    torch.uint8: "U8", torch.bool: "BOOL",
}  # fmt: skip
_ALIGNED = 8
_PIECE = 16 << 20


def write_tensors(
    target: Path,
    planned: Mapping[str, tuple[torch.dtype, tuple[int, ...]]],
    get: Callable[[str], Tensor],
    tell: Tell = lambda _: None,
) -> None:
    """Write `target`, completely or not at all.

    Args:
        target: the file.
        planned: types and shapes by name, in the order of the file.
        get: a tensor of that type and shape.
        tell: gets the bytes of each piece.
    """
    head: dict[str, object] = {"__metadata__": {"format": "pt"}}
    place = 0
    for name, (dtype, shape) in planned.items():
        size = math.prod(shape) * dtype.itemsize
        head[name] = {
            "dtype": NAMES[dtype],
            "shape": list(shape),
            "data_offsets": [place, place + size],
        }
        place += size
    text = json.dumps(head, separators=(",", ":")).encode()
    text += b" " * (-len(text) % _ALIGNED)
    partial = target.with_name(f"{target.name}.partial")
    try:
        with partial.open("wb") as file:
            file.write(struct.pack("<Q", len(text)) + text)
            for name, (dtype, shape) in planned.items():
                tensor = get(name)
                if tensor.dtype != dtype or tuple(tensor.shape) != shape:
                    raise ValueError(f"{name} is another tensor than was planned")
                flat = tensor.contiguous().reshape(-1).view(torch.uint8).numpy()
                for first in range(0, len(flat), _PIECE):
                    piece = flat[first : first + _PIECE]
                    file.write(piece.data)
                    tell(len(piece))
            file.flush()
            os.fsync(file.fileno())
        os.replace(partial, target)
    finally:
        partial.unlink(missing_ok=True)
