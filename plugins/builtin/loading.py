"""Strict loading of a decoder folder in diffusers' layout.

Every tensor that a component's configuration calls for must be in its safetensors file with that
shape and nothing may be left over. Nothing is unpickled, no code from the folder runs and no
network is touched. Knows no renderer and no stage.
"""

from __future__ import annotations

import json
import math
import warnings
from collections import Counter
from collections.abc import Collection
from pathlib import Path
from typing import Any

import diffusers  # noqa: TID253
import torch  # noqa: TID253
import transformers  # noqa: TID253
from safetensors import SafetensorError, safe_open

from plugins.builtin import single_file
from plugins.builtin.faults import broken
from plugins.errors import KnownError, phrase

UNUSED = ("safety_checker", "feature_extractor", "image_encoder")
"""Components of published pipelines that Medley never loads."""
STEMS = ("diffusion_pytorch_model", "model")
"""The names of weight files in diffusers and transformers."""
OWN_PARTS = ("ace_step", "audioldm2", "stable_audio", "stable_audio_3")
"""Pipelines of diffusers that bring models of their own, as `model_index.json` names them."""
FLOATS = {"F32": torch.float32, "F16": torch.float16, "BF16": torch.bfloat16}
"""Types of stored numbers that a model can be loaded with."""
LOADING_ERRORS = (
    AttributeError,
    ImportError,
    KeyError,
    OSError,
    RuntimeError,
    TypeError,
    ValueError,
    SafetensorError,
)
"""Exceptions that the two libraries raise for an invalid folder."""


def read_json(path: Path) -> dict[str, Any]:
    """A JSON object from a file.

    Raises:
        KnownError: the file is missing or is not a JSON object.
    """
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise KnownError(
            "decoder: expected the file {path}, found none; copy it there.", path=path
        ) from error
    except (OSError, ValueError) as error:
        raise KnownError(
            "decoder: {path} cannot be read as JSON ({error}); copy the decoder again.",
            path=path,
            error=error,
        ) from error
    if not isinstance(data, dict):
        raise KnownError("decoder: {path} is not a JSON object; copy the decoder again.", path=path)
    return data


def components_of(folder: Path, without: Collection[str] = ()) -> dict[str, type]:
    """Component classes by name, as `model_index.json` lists them.

    Args:
        folder: the decoder.
        without: components that the caller makes itself.

    Raises:
        KnownError: a class is no model, tokenizer or scheduler of diffusers or transformers.
    """
    index = read_json(folder / "model_index.json")
    left_out = {*UNUSED, *without}
    return {
        name: _class_of(folder, name, entry)
        for name, entry in index.items()
        if isinstance(entry, list) and name not in left_out and entry != [None, None]
    }


def resident_bytes(folder: Path, components: dict[str, type], device: str) -> int:
    """Bytes that the components' tensors will take on `device`.

    Raises:
        KnownError: a weight file is missing or broken.
    """
    total = 0
    for name, cls in components.items():
        if not issubclass(cls, torch.nn.Module):
            continue
        numbers, kind = _measure(folder, name)
        total += numbers * (kind if _on_gpu(device) else torch.float32).itemsize
    return total


def precision(folder: Path, name: str, device: str) -> torch.dtype:
    """The type of numbers that a component is loaded with: float32 on the processor; on a GPU the
    one that most of its stored numbers have, float16 or bfloat16 or float32.

    Raises:
        KnownError: a weight file is missing or broken.
    """
    return _measure(folder, name)[1] if _on_gpu(device) else torch.float32


def load_component(
    folder: Path, name: str, cls: type, device: str, kind: torch.dtype | None = None
) -> Any:
    """One component, ready to be used for inference on `device`.

    Args:
        folder: the decoder.
        name: of the component.
        cls: its class.
        device: a torch device name.
        kind: the type of its numbers; by itself as `precision` says.

    Raises:
        KnownError: a tensor is missing, left over or of another shape (it is named, with both
            shapes), or a file is broken.
    """
    where = folder / name
    if not where.is_dir():
        raise KnownError(
            "decoder {folder}: expected the folder {name}, found none; copy it there.",
            folder=folder,
            name=name,
        )
    quieten()
    if not issubclass(cls, torch.nn.Module):
        try:
            return cls.from_pretrained(where, local_files_only=True)  # type: ignore[attr-defined]
        except LOADING_ERRORS as error:
            raise broken(where, error) from error
    kind = precision(folder, name, device) if kind is None else kind
    if single_file.is_single_file(folder):
        model = single_file.load(folder, name, cls, kind)
    else:
        _weight_files(where)  # Says what is wrong where there are only pickles.
        model = _load_model(where, cls, kind)
    return model.eval().requires_grad_(False).to(device)


def pipeline_class(name: str) -> Any:
    """A pipeline class of diffusers, by name."""
    # Before the look-up: it imports the pipeline's module, which has advice to give.
    quieten()
    return getattr(diffusers, name)


def quieten() -> None:
    """Keep the two libraries from writing progress bars and advice to the terminal, and torch from
    advice about what they use of it."""
    for library in (diffusers, transformers):
        library.utils.logging.set_verbosity_error()
        library.utils.logging.disable_progress_bar()
    warnings.filterwarnings("ignore", ".*weight_norm. is deprecated", FutureWarning)


def _class_of(folder: Path, name: str, entry: list[Any]) -> type:
    library, class_name = (*entry, None, None)[:2]
    bases: dict[Any, tuple[Any, tuple[type, ...]]] = {
        "diffusers": (diffusers, (diffusers.ModelMixin, diffusers.SchedulerMixin)),
        "transformers": (
            transformers,
            (transformers.PreTrainedModel, transformers.PreTrainedTokenizerBase),
        ),
    }
    if library in OWN_PARTS:
        bases[library] = (getattr(diffusers.pipelines, library), (diffusers.ModelMixin,))
    module, allowed = bases.get(library, (None, ()))
    found = getattr(module, str(class_name), None)
    if not isinstance(found, type) or not issubclass(found, allowed):
        raise KnownError(
            "decoder {folder}: component {name} asks for {library}.{class_name}, which is no "
            "model, tokenizer or scheduler of diffusers or transformers; choose another "
            "decoder.",
            folder=folder,
            name=name,
            library=library,
            class_name=class_name,
        )
    return found


def _load_model(where: Path, cls: Any, dtype: torch.dtype) -> torch.nn.Module:
    plain, half = (_index_or_file(where, variant) for variant in ("", ".fp16"))
    try:
        model, info = cls.from_pretrained(
            where,
            dtype=dtype,
            variant="fp16" if plain is None and half is not None else None,
            use_safetensors=True,
            local_files_only=True,
            ignore_mismatched_sizes=True,
            output_loading_info=True,
        )
    except LOADING_ERRORS as error:
        raise broken(where, error) from error
    _refuse_differences(where, info)
    found: torch.nn.Module = model
    return found


def _refuse_differences(where: Path, info: dict[str, Any]) -> None:
    """The libraries' own account of a load (after their renamings) must hold no difference."""
    wrong = [
        f"{name} has shape {list(found)} instead of {list(expected)}"
        for name, found, expected in sorted(info["mismatched_keys"])
    ]
    reshaped = {name for name, _, _ in info["mismatched_keys"]}
    wrong += [f"{name} is missing" for name in sorted(set(info["missing_keys"]) - reshaped)]
    wrong += [f"{name} is left over" for name in sorted(info["unexpected_keys"])]
    wrong += [" ".join(str(message).split()) for message in info["error_msgs"]]
    if wrong:
        more = phrase(" and {count} more", count=len(wrong) - 5) if len(wrong) > 5 else ""
        raise KnownError(
            "decoder {where}: expected the tensors that its config.json calls for, found "
            "that {wrong}{more}; copy the decoder again.",
            where=where,
            wrong=", ".join(wrong[:5]),
            more=more,
        )


def _measure(folder: Path, name: str) -> tuple[int, torch.dtype]:
    """The number of values that a component has, and the type that most of them are stored in."""
    single = single_file.is_single_file(folder)
    counts = single_file.counts(folder, name) if single else _counts(folder / name)
    floats = {kind: count for kind, count in counts.items() if kind in FLOATS}
    most = max(floats, key=lambda kind: floats[kind], default="F32")
    return counts.total(), FLOATS[most]


def _counts(where: Path) -> Counter[str]:
    counts: Counter[str] = Counter()
    for path in _weight_files(where):
        try:
            with safe_open(path, framework="pt") as file:
                for name in file.keys():
                    part = file.get_slice(name)
                    counts[part.get_dtype()] += math.prod(part.get_shape())
        except (OSError, SafetensorError) as error:
            raise broken(path, error) from error
    return counts


def _index_or_file(where: Path, variant: str) -> Path | None:
    for stem in STEMS:
        names = [f"{stem}{variant}.safetensors", f"{stem}.safetensors.index{variant}.json"]
        for path in (where / name for name in names):
            if path.is_file():
                return path
    return None


def _weight_files(where: Path) -> list[Path]:
    found = _index_or_file(where, "") or _index_or_file(where, ".fp16")
    if found is None:
        raise KnownError(
            "decoder {where}: expected {stem}, found neither; convert the weights to safetensors.",
            where=where,
            stem=" or ".join(f"{stem}.safetensors" for stem in STEMS),
        )
    if found.suffix != ".json":
        return [found]
    shards = read_json(found).get("weight_map")
    if not isinstance(shards, dict):
        raise KnownError(
            "decoder {found}: expected a weight_map, found none; copy it again.", found=found
        )
    return [where / Path(str(shard)).name for shard in sorted(set(shards.values()))]


def _on_gpu(device: str) -> bool:
    return not device.startswith("cpu")
