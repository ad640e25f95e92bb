"""Reads safetensors files strictly: exactly the expected tensors with their shapes.

Knows tensors and files; knows no architecture. A file is read only when its header fits, so a
wrong file costs no memory.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

import torch  # noqa: TID253
from safetensors import SafetensorError, safe_open
from torch import nn  # noqa: TID253

from plugins.errors import KnownError

_LISTED = 12
"""The number of problems that an error lists before it counts the rest."""


def load_strict(
    module: nn.Module,
    path: str | os.PathLike[str],
    *,
    what: str,
    device: str = "cpu",
    dtype: torch.dtype = torch.float32,
) -> None:
    """Fill `module` (it may be on the meta device) from a safetensors file.

    Floating-point tensors are converted to `dtype`; all land on `device`. `what` names the part in
    an error, for example `encoder`.

    Raises:
        KnownError: the file is absent, is not safetensors, or its names or shapes are not exactly
            the module's; every kind of problem is listed.
    """
    expected = {name: tuple(t.shape) for name, t in module.state_dict().items()}
    file = Path(path)
    if not file.is_file():
        raise KnownError(
            f"{what}: expected the weights file {file.name}, found nothing at that place. "
            "Install the bundle again."
        )
    try:
        with safe_open(os.fspath(file), framework="pt", device=device) as tensors:
            found = {name: tuple(tensors.get_slice(name).get_shape()) for name in tensors.keys()}
            check_names_and_shapes(expected, found, what=what, file=file.name)
            state = {name: _cast(tensors.get_tensor(name), dtype) for name in expected}
    except (SafetensorError, OSError) as error:
        raise KnownError(
            f"{what}: expected a safetensors file, found that {file.name} cannot be read as one "
            f"({error}). Install the bundle again."
        ) from error
    module.load_state_dict(state, strict=True, assign=True)


def check_names_and_shapes(
    expected: Mapping[str, tuple[int, ...]],
    found: Mapping[str, tuple[int, ...]],
    *,
    what: str,
    file: str,
) -> None:
    """Compare names and shapes.

    Raises:
        KnownError: they differ; says what is missing, what is left over and which shapes are wrong.
    """
    problems = [f"missing {name} {list(expected[name])}" for name in expected if name not in found]
    problems += [f"left over {name} {list(found[name])}" for name in found if name not in expected]
    problems += [
        f"wrong shape of {name}: expected {list(shape)}, found {list(found[name])}"
        for name, shape in expected.items()
        if name in found and found[name] != shape
    ]
    if not problems:
        return
    listed = "; ".join(problems[:_LISTED])
    rest = f"; and {len(problems) - _LISTED} more" if len(problems) > _LISTED else ""
    raise KnownError(
        f"{what}: {file} does not fit the bundle's settings in {len(problems)} tensors of "
        f"{len(expected)} expected: {listed}{rest}. Use the file that belongs to this bundle."
    )


def _cast(tensor: torch.Tensor, dtype: torch.dtype) -> torch.Tensor:
    return tensor.to(dtype) if tensor.is_floating_point() else tensor
