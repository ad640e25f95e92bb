"""What a folder in diffusers' layout is, by its small configuration files and weight heads, and
what a decoder in one file is, by its head."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

from plugins import checkpoints
from plugins.manifest import RendererManifest, discover
from plugins.pipelines import PIPELINES
from plugins.switches import enabled_plugins
from runtime.local_models.found import (
    MODALITIES,
    DecoderFacts,
    FoundModel,
    NotAModelError,
)
from runtime.local_models.heads import read_json, reading, refuse_stand_ins
from runtime.local_models.safetensors_head import tensor_names
from runtime.local_models.titles import clean, folder_licence, folder_title

INDEX: Final = "model_index.json"
UNUSED: Final = ("safety_checker", "feature_extractor", "image_encoder")
"""Components of published pipelines that Medley never loads."""
_WITHOUT_WEIGHTS: Final = ("tokenizer", "scheduler", "processor")
"""Beginnings of the names of components that are no networks."""
_SMALL: Final = (".json", ".txt", ".model", ".jinja")
"""Endings of configurations, vocabularies and chat templates."""
_STEMS: Final = ("diffusion_pytorch_model", "model")


def renderers() -> Mapping[str, RendererManifest]:
    """The renderers that are switched on, by the pipelines they run.

    Raises:
        KnownError: the person's list of plugins cannot be read.
    """
    return _renderers(enabled_plugins())


@cache
def _renderers(enabled: frozenset[str]) -> dict[str, RendererManifest]:
    found = discover(enabled).plugins
    return {
        pipeline: renderer
        for plugin in found
        for renderer in plugin.renderers
        if renderer.enabled and renderer.modality in MODALITIES
        for pipeline in renderer.pipelines
    }


def decoder_folder(folder: Path) -> FoundModel:
    """The decoder of a folder with a `model_index.json`.

    Raises:
        NotAModelError: a part is missing or broken, or Medley has no renderer for it.
    """
    with reading(folder):
        index = read_json(folder / INDEX)
        pipeline = str(index.get("_class_name", ""))
        renderer = _renderer(folder, pipeline)
        modality = MODALITIES[renderer.modality]
        _check_components(folder, pipeline, index)
        files = tuple(_files(folder, index))
        return FoundModel(
            kind="diffusers",
            path=folder,
            files=files,
            title=_title(folder, index),
            bytes=sum(file.stat().st_size for file in files),
            purpose=modality,
            licence=folder_licence(folder),
            facts=DecoderFacts(pipeline, renderer.id, modality, _condition_shape(folder, pipeline)),
        )


def checkpoint_file(path: Path, shapes: checkpoints.Shapes) -> FoundModel:
    """The decoder in one file.

    Args:
        path: the file.
        shapes: of the tensors in it, which hold a denoiser.

    Raises:
        NotAModelError: it is of a kind that Medley cannot use, or not whole.
    """
    with reading(path):
        kind = checkpoints.kind_of(shapes)
        if not isinstance(kind, str):
            raise NotAModelError("{path}: expected a decoder, found {found}", path=path, found=kind)
        pipeline = checkpoints.KINDS[kind]
        renderer = _renderer(path, pipeline)
        modality, files = MODALITIES[renderer.modality], checkpoints.configuration(kind)
        row, read = PIPELINES[pipeline], lambda part: read_json(files[part])
        return FoundModel(
            kind="checkpoint",
            path=path,
            files=(path,),
            title=clean(path.stem) or kind,
            bytes=path.stat().st_size,
            purpose=modality,
            licence="",
            facts=DecoderFacts(pipeline, renderer.id, modality, row.condition_shape(read), kind),
        )


def _renderer(folder: Path, pipeline: str) -> RendererManifest:
    known = renderers()
    if pipeline not in known:
        raise NotAModelError(
            "{path}: expected a pipeline that Medley can run ({known}), found {pipeline}. Choose "
            "one of these, or switch on a plugin that runs it.",
            path=folder,
            known=", ".join(known),
            pipeline=clean(pipeline) or repr(""),
        )
    return known[pipeline]


def _check_components(folder: Path, pipeline: str, index: dict[str, Any]) -> None:
    row = PIPELINES.get(pipeline)
    needed = () if row is None else row.needed
    if missing := [name for name in needed if not isinstance(index.get(name), list)]:
        raise NotAModelError(
            "{path}: expected a model_index.json that names {missing}, found no such entry. Copy "
            "the whole folder again.",
            path=folder,
            missing=", ".join(missing),
        )


def _files(folder: Path, index: dict[str, Any]) -> Iterator[Path]:
    row = PIPELINES.get(str(index.get("_class_name", "")))
    spared = row.text if row is not None and row.reads is not None else ()
    yield folder / INDEX
    for name, entry in index.items():
        if not isinstance(entry, list) or name in UNUSED or entry == [None, None]:
            continue
        part = folder / name
        if name in spared and not any(part.glob("*.safetensors")):
            yield from _configurations(part)
            continue
        if not name.isidentifier() or not part.is_dir():
            raise NotAModelError(
                "{path}: expected the folder {name}, which its model_index.json names, found none. "
                "Copy the whole folder again.",
                path=folder,
                name=clean(name),
            )
        if not name.startswith(_WITHOUT_WEIGHTS):
            yield from _weights(part)
        yield from _configurations(part)


def _configurations(part: Path) -> list[Path]:
    """The small files of a component; none of one that is missing."""
    return sorted(one for one in part.glob("*") if one.suffix in _SMALL)


def _weights(part: Path) -> list[Path]:
    for variant in ("", ".fp16"):
        for stem in _STEMS:
            whole = part / f"{stem}{variant}.safetensors"
            if whole.is_file():
                return [_checked(whole)]
            index = part / f"{stem}.safetensors.index{variant}.json"
            if index.is_file():
                return _shards(part, index)
    if any(part.glob("*.bin")):
        raise NotAModelError(
            "{path}: expected weights as safetensors, found only .bin files, which can run code "
            "when they are opened. Get the safetensors version of this decoder.",
            path=part,
        )
    raise NotAModelError(
        "{path}: expected weights ({names}), found none. Copy the whole folder again.",
        path=part,
        names=", ".join(f"{stem}.safetensors" for stem in _STEMS),
    )


def _shards(part: Path, index: Path) -> list[Path]:
    named = read_json(index).get("weight_map")
    shards = set(named.values()) if isinstance(named, dict) else set()
    found = [part / Path(str(name)).name for name in sorted(shards, key=str)]
    for path in found:
        if not path.is_file():
            raise NotAModelError(
                "{path}: expected this part of the weights, which {index} names, found none. Copy "
                "the whole folder again.",
                path=path,
                index=index.name,
            )
    return [_checked(path) for path in found]


def _checked(path: Path) -> Path:
    """Weights that are whole."""
    refuse_stand_ins(path)
    tensor_names(path)
    return path


def _title(folder: Path, index: dict[str, Any]) -> str:
    named = index.get("_name_or_path")
    own = clean(str(named).replace("\\", "/").rstrip("/").rpartition("/")[2]) if named else ""
    return own or folder_title(folder)


def _condition_shape(folder: Path, pipeline: str) -> tuple[int, ...]:
    """What the decoder is conditioned on; empty where the folder does not say."""

    def read(path: str) -> Mapping[str, Any]:
        try:
            return read_json(folder / path)
        except NotAModelError:
            return {}

    row = PIPELINES.get(pipeline)
    return () if row is None else row.condition_shape(read)
