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

from plugins.errors import KnownError, listed, phrase

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
            "{what}: expected the weights file {file}, found nothing at that place. Install "
            "the bundle again.",
            what=what,
            file=file.name,
        )
    try:
        with safe_open(os.fspath(file), framework="pt", device=device) as tensors:
            found = {name: tuple(tensors.get_slice(name).get_shape()) for name in tensors.keys()}
            check_names_and_shapes(expected, found, what=what, file=file.name)
            state = {name: _cast(tensors.get_tensor(name), dtype) for name in expected}
    except (SafetensorError, OSError) as error:
        raise KnownError(
            "{what}: expected a safetensors file, found that {file} cannot be read as one "
            "({error}). Install the bundle again.",
            what=what,
            file=file.name,
            error=error,
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
    problems = [
        phrase("missing {name} {shape}", name=name, shape=list(shape))
        for name, shape in expected.items()
        if name not in found
    ]
    problems += [
        phrase("left over {name} {shape}", name=name, shape=list(shape))
        for name, shape in found.items()
        if name not in expected
    ]
    problems += [
        phrase(
            "wrong shape of {name}: expected {expected}, found {found}",
            name=name,
            expected=list(shape),
            found=list(found[name]),
        )
        for name, shape in expected.items()
        if name in found and found[name] != shape
    ]
    if not problems:
        return
    raise KnownError(
        "{what}: {file} does not fit the bundle's settings in {problems_count} tensors of "
        "{expected_count} expected: {problems}. Use the file that belongs to this bundle.",
        what=what,
        file=file,
        problems_count=len(problems),
        expected_count=len(expected),
        problems=listed(problems, _LISTED),
    )


def _cast(tensor: torch.Tensor, dtype: torch.dtype) -> torch.Tensor:
    return tensor.to(dtype) if tensor.is_floating_point() else tensor
