"""What a cheap alignment learned, as a delta and as a bundle. Knows files and names of tensors.

Legend: S signal tokens, D language model width.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import gguf
import numpy as np
from numpy.typing import NDArray
from safetensors.torch import save
from torch import Tensor, nn

from plugins.errors import KnownError
from runtime.bundle.manifest import Manifest
from runtime.bundle.proofs import Proofs
from runtime.bundle.write import write_manifest
from runtime.catalogue import store
from runtime.composition.delta import (
    DOWN,
    EMBEDDING,
    FORMAT,
    OUTPUT,
    ROWS,
    UP,
    DeltaHead,
    read_delta,
    sources,
    write_delta,
    write_model,
)
from training.align.bundle import manifest_of
from training.align.plan import Plan
from training.align.upper_model import UpperModel
from training.gguf.export import rotary_order
from training.gguf.load import ROTARY_IN_PAIRS


def shared_bundle(plan: Plan) -> str:
    """The bundle that the encoder and all decoders come from: a delta names it.

    Raises:
        KnownError: they come from several places.
    """
    named = plan.settings.encoder or ""
    folders = [part.renderer.folder for part in plan.signals.values() if part.renderer.folder]
    parts = plan.encoder.file.parent.resolve() if plan.encoder is not None else None
    if parts is None or not all(folder.resolve().is_relative_to(parts) for folder in folders):
        raise KnownError(
            f"--keep-layers: expected an encoder and renderers of one bundle, which its delta can "
            f"name, found encoder {named or 'none'} and {', '.join(plan.settings.renderers)}; name "
            "those of one bundle, or leave --keep-layers out."
        )
    return named


def write(folder: Path, model: UpperModel, *, parts: str, hears: bool) -> None:
    """Write the delta of a trained model.

    Args:
        parts: the bundle whose encoder and decoders were aligned.
        hears: whether the input projection learned.
    """
    plan = model.plan
    base = plan.base
    manifest = manifest_of(plan, hears=hears)
    head = DeltaHead(
        format=FORMAT, model=_catalogue_name(base), file=base.name, sha256=Proofs().sha256(base),
        size=base.stat().st_size, parts=parts, tokens=tuple(model.ids),
    )  # fmt: skip
    files = {}
    if hears:
        files[plan.input_projection.file] = _half(model.input_projection)
    for modality, spec in plan.specs.items():
        files[spec.projection] = _half(model.output_projections[modality])
    write_delta(folder, head, manifest, _weights(model), files)


def make_bundle(delta: Path, base: Path, target: Path) -> Manifest:
    """The bundle of a delta in a folder of its own, its files copied.

    Raises:
        KnownError: the delta and the language model do not fit.
    """
    head, manifest = read_delta(delta)
    fresh = target.with_name(f"{target.name}.new")
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(parents=True)
    model = fresh / manifest.language_model.file
    write_model(base, model, delta, head)
    for path, source in sources(delta, head, manifest, model).items():
        if source != model:
            (fresh / path).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, fresh / path)
    written = write_manifest(fresh, manifest)
    shutil.rmtree(target, ignore_errors=True)
    fresh.rename(target)
    return written


def _catalogue_name(base: Path) -> str:
    """The model of the catalogue whose file this is; empty if it is none."""
    found = [one.name for one in store.installed("talk") if base.resolve().parent == one.folder]
    return found[0] if found else ""


def _weights(model: UpperModel) -> dict[str, NDArray[np.float16]]:
    """Everything that becomes part of the language model, by its names in `delta.safetensors`."""
    kind = model.plan.facts.architecture
    config = model.plain.config
    depth = config.num_hidden_layers + model.plan.settings.keep_layers
    wanted = next(arch for arch, name in gguf.MODEL_ARCH_NAMES.items() if name == kind)
    translate = gguf.get_tensor_name_map(wanted, depth)
    embedding = model.table[list(model.ids)]
    found = {EMBEDDING + ROWS: _array(embedding), OUTPUT + ROWS: _array(model.rows)}
    for name, (down, up) in model.lora().items():
        target = translate.get_name(name, (".weight", ".bias"))
        if target is None:
            raise KnownError(f"language model: a {kind} file has no place for {name}.")
        array: NDArray[Any] = up.numpy()
        if kind in ROTARY_IN_PAIRS and ("q_proj" in name or "k_proj" in name):
            queries = "q_proj" in name
            heads = config.num_attention_heads if queries else config.num_key_value_heads
            array = rotary_order(array, heads)
        found[target + UP] = array.astype(np.float16)
        found[target + DOWN] = _array(down)
    return found


def _array(tensor: Tensor) -> NDArray[np.float16]:
    array: NDArray[np.float16] = tensor.detach().float().cpu().numpy().astype(np.float16)
    return array


def _half(module: nn.Module) -> bytes:
    state = {name: t.detach().half().contiguous() for name, t in module.state_dict().items()}
    return save(state)
