"""Loads the components of a decoder in one file, as `plugins.checkpoints` knows them.

The file's tensors are renamed by diffusers' own converters. Every tensor that a component's
configuration calls for must come out of it. Nothing is unpickled and no network is touched.
"""

from __future__ import annotations

import math
from collections import Counter
from pathlib import Path
from typing import Any

import torch  # noqa: TID253
from diffusers.loaders import single_file_utils  # noqa: TID253
from safetensors import SafetensorError, safe_open
from transformers import PreTrainedModel  # noqa: TID253

from plugins.builtin.faults import broken
from plugins.checkpoints import FILE, PREFIXES
from plugins.errors import KnownError

ERRORS = (AttributeError, KeyError, OSError, RuntimeError, TypeError, ValueError, SafetensorError)
"""Exceptions that the libraries raise for a file with other tensors than its kind has."""


def is_single_file(folder: Path) -> bool:
    """Whether a decoder's weights are one file."""
    return (folder / FILE).is_file()


def counts(folder: Path, name: str) -> Counter[str]:
    """The numbers of a component, by their type as safetensors names it.

    Raises:
        KnownError: the file is broken.
    """
    found: Counter[str] = Counter()
    try:
        with safe_open(folder / FILE, framework="pt") as file:
            for key in file.keys():
                if key.startswith(PREFIXES[name]):
                    part = file.get_slice(key)
                    found[part.get_dtype()] += math.prod(part.get_shape())
    except (OSError, SafetensorError) as error:
        raise broken(folder / FILE, error) from error
    return found


def load(folder: Path, name: str, cls: Any, kind: torch.dtype) -> torch.nn.Module:
    """One component in numbers of a kind, on the processor.

    Raises:
        KnownError: the file is broken or lacks tensors of the component.
    """
    path = folder / FILE
    settings: dict[str, Any] = {
        "config": str(folder),
        "subfolder": name,
        "torch_dtype": kind,
        "local_files_only": True,
    }
    try:
        tensors = _tensors(path, PREFIXES[name])
        if issubclass(cls, PreTrainedModel):
            model = single_file_utils.create_diffusers_clip_model_from_ldm(cls, tensors, **settings)
        else:
            model = cls.from_single_file(tensors, **settings)
    except NotImplementedError as error:  # torch's word for moving a tensor that has no numbers.
        raise _incomplete(path, name) from error
    except ERRORS as error:
        raise broken(path, error) from error
    if any(tensor.is_meta for tensor in model.state_dict().values()):
        raise _incomplete(path, name)
    found: torch.nn.Module = model
    return found


def _tensors(path: Path, prefixes: tuple[str, ...]) -> dict[str, torch.Tensor]:
    with safe_open(path, framework="pt") as file:
        return {key: file.get_tensor(key) for key in file.keys() if key.startswith(prefixes)}


def _incomplete(where: Path, name: str) -> KnownError:
    return KnownError(
        "decoder {where}: expected every tensor of its {name}, found that some are missing; copy "
        "the decoder again.",
        where=where,
        name=name,
    )
