"""Files of tensors, read one tensor at a time: safetensors, and what `torch.save` wrote.

Every file is mapped, so a tensor takes memory of its own only where it is changed. Of a pickle
nothing is believed but tensors (`weights_only`). Knows files and tensors; knows no architecture.
"""

from __future__ import annotations

import json
import pickle
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError, safe_open
from torch import Tensor

from plugins.errors import KnownError
from runtime.media import shown

Shape = tuple[int, ...]
_PICKLES = frozenset({".bin", ".pt", ".pth", ".ckpt"})
_LARGEST_INDEX = 16 << 20
_UNREADABLE = (
    AttributeError, EOFError, KeyError, OSError, RuntimeError, TypeError, ValueError,
    pickle.UnpicklingError, zipfile.BadZipFile,
)  # fmt: skip
"""What torch raises for a file that it cannot read, or will not."""


class TensorFiles:
    """The tensors of one file or of several, by name."""

    def __init__(self, files: Sequence[Path]) -> None:
        """
        Raises:
            KnownError: a file cannot be read, holds more than tensors, or repeats a name.
        """
        self.files = tuple(files)
        self.shapes: dict[str, Shape] = {}
        """By name."""
        self._places: dict[str, Path] = {}
        self._pickled: dict[Path, dict[str, Tensor]] = {}
        for file in self.files:
            for name, shape in self._read(file):
                if name in self.shapes:
                    raise KnownError(
                        "{file}: expected each tensor once, found {name} in {other} as well. Get "
                        "the model again.",
                        file=shown(file),
                        name=name,
                        other=self._places[name].name,
                    )
                self.shapes[name], self._places[name] = shape, file

    def get(self, name: str) -> Tensor:
        """A tensor as it lies in its file, contiguous."""
        file = self._places[name]
        if file in self._pickled:
            return self._pickled[file][name].detach().contiguous()
        with safe_open(str(file), framework="pt") as opened:
            tensor: Tensor = opened.get_tensor(name)
        return tensor.contiguous()

    def dtype(self, name: str) -> torch.dtype:
        """The type of a tensor's numbers."""
        file = self._places[name]
        if file in self._pickled:
            return self._pickled[file][name].dtype
        return self.get(name).dtype

    def _read(self, file: Path) -> Iterator[tuple[str, Shape]]:
        if file.suffix.lower() in _PICKLES:
            self._pickled[file] = tensors = _unpickled(file)
            yield from ((name, tuple(tensor.shape)) for name, tensor in tensors.items())
            return
        try:
            with safe_open(str(file), framework="pt") as opened:
                for name in opened.keys():
                    yield name, tuple(opened.get_slice(name).get_shape())
        except (SafetensorError, OSError) as error:
            raise _unreadable(file, error) from error


def weight_files(folder: Path) -> tuple[Path, ...]:
    """The files with the weights of a Hugging Face model: safetensors before pickles, one file or
    the shards that an index names.

    Raises:
        KnownError: there are none, or the index names others than are there.
    """
    for stem, suffix in (("model", "safetensors"), ("pytorch_model", "bin")):
        index = folder / f"{stem}.{suffix}.index.json"
        if index.is_file():
            return _shards(index)
        if (folder / f"{stem}.{suffix}").is_file():
            return (folder / f"{stem}.{suffix}",)
    raise KnownError(
        "{folder}: expected model.safetensors or pytorch_model.bin, whole or in shards with an "
        "index, found neither. Get the model again.",
        folder=shown(folder),
    )


def _shards(index: Path) -> tuple[Path, ...]:
    try:
        if index.stat().st_size > _LARGEST_INDEX:
            raise ValueError("it is too large")
        places: Any = json.loads(index.read_text("utf-8"))["weight_map"].values()
        names = sorted({Path(place).name for place in places})
    except (OSError, ValueError, KeyError, AttributeError, TypeError) as error:
        raise _unreadable(index, error) from error
    if missing := [name for name in names if not (index.parent / name).is_file()]:
        raise KnownError(
            "{folder}: expected the shards that {index} names, found no {missing}. Get the model "
            "again.",
            folder=shown(index.parent),
            index=index.name,
            missing=", ".join(missing),
        )
    return tuple(index.parent / name for name in names)


def _unpickled(file: Path) -> dict[str, Tensor]:
    try:
        found: Any = torch.load(file, map_location="cpu", weights_only=True, mmap=True)
    except _UNREADABLE as error:
        raise _unreadable(file, error) from error
    if isinstance(found, dict) and isinstance(found.get("state_dict"), dict):
        found = found["state_dict"]
    others = [
        str(name)
        for name, value in (found.items() if isinstance(found, dict) else ())
        if not isinstance(name, str)
        or not isinstance(value, Tensor)
        or value.layout != torch.strided
    ]
    if not isinstance(found, dict) or others:
        raise KnownError(
            "{file}: expected tensors by name and nothing else, found {found}. Use the file as it "
            "was published.",
            file=shown(file),
            found=", ".join(others[:5]) or type(found).__name__,
        )
    return found


def _unreadable(file: Path, error: Exception) -> KnownError:
    return KnownError(
        "{file}: expected a file of tensors, found one that cannot be read as such ({error}). Get "
        "it again; what holds more than tensors is not opened.",
        file=shown(file),
        error=" ".join(str(error).split())[:200] or type(error).__name__,
    )
