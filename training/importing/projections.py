"""The input projection and the three output projections of a checkpoint as files of a bundle, bit
for bit. Knows names and files."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from torch import Tensor

from training.importing.delta import PROJECTIONS, Delta, output_names
from training.importing.safetensors_writer import write_tensors
from training.importing.sizes import MODALITIES, Sizes

INPUT = "input_projection.safetensors"


def output_file(modality: str) -> str:
    """The file of a modality's output projection in a bundle."""
    return f"output_{modality}.safetensors"


def files(sizes: Sizes) -> Iterator[tuple[str, dict[str, str]]]:
    """Every file, and the published names of its tensors by their own."""
    yield INPUT, {"weight": "llama_proj.weight", "bias": "llama_proj.bias"}
    for modality in MODALITIES:
        names = output_names(sizes, modality)
        yield output_file(modality), {name: f"{PROJECTIONS[modality]}{name}" for name in names}


def written_bytes(delta: Delta, sizes: Sizes) -> int:
    """Bytes of all files, but for their heads."""
    return sum(delta.get(name).nbytes for _, names in files(sizes) for name in names.values())


def write_projections(
    folder: Path, delta: Delta, sizes: Sizes, tell: Callable[[int], None]
) -> None:
    """Write the files into `folder`."""
    for file, names in files(sizes):

        def get(name: str, names: dict[str, str] = names) -> Tensor:
            return delta.get(names[name])

        planned = {name: (get(name).dtype, tuple(get(name).shape)) for name in names}
        write_tensors(folder / file, planned, get, tell)
