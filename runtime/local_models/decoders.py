"""What a folder in diffusers' layout is, by its small configuration files and weight heads."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from plugins.errors import KnownError
from runtime.local_models.found import DecoderFacts, FoundModel, Modality, NotAModelError
from runtime.local_models.heads import read_json
from runtime.local_models.titles import clean

INDEX: Final = "model_index.json"
RENDERERS: Final[dict[str, tuple[str, Modality]]] = {
    "StableDiffusionPipeline": ("medley.image", "image"),
    "AudioLDMPipeline": ("medley.audio", "audio"),
    "TextToVideoSDPipeline": ("medley.video", "video"),
}
"""Renderer and modality by the pipeline's class."""
UNUSED: Final = ("safety_checker", "feature_extractor", "image_encoder")
"""Components of published pipelines that Medley never loads."""
_WITHOUT_WEIGHTS: Final = ("tokenizer", "scheduler", "processor")
_STEMS: Final = ("diffusion_pytorch_model", "model")


def decoder_folder(folder: Path) -> FoundModel:
    """The decoder of a folder with a `model_index.json`.

    Raises:
        NotAModelError: a part is missing or broken, or Medley has no renderer for it.
    """
    index = read_json(folder / INDEX)
    pipeline = str(index.get("_class_name", ""))
    if pipeline not in RENDERERS:
        raise NotAModelError(
            "{path}: expected a pipeline that Medley can run ({known}), found {pipeline}. Choose "
            "one of these, or install a plugin that runs it.",
            path=folder,
            known=", ".join(RENDERERS),
            pipeline=clean(pipeline) or "none",
        )
    files = tuple(_files(folder, index))
    renderer, modality = RENDERERS[pipeline]
    return FoundModel(
        kind="diffusers",
        path=folder,
        files=files,
        title=_title(folder, index),
        bytes=sum(file.stat().st_size for file in files),
        purpose=modality,
        licence="",
        facts=DecoderFacts(pipeline, renderer, modality, _condition_shape(folder, modality)),
    )


def _files(folder: Path, index: dict[str, Any]) -> Iterator[Path]:
    yield folder / INDEX
    for name, entry in index.items():
        if not isinstance(entry, list) or name in UNUSED or entry == [None, None]:
            continue
        part = folder / name
        if not part.is_dir():
            raise NotAModelError(
                "{path}: expected the folder {name}, which its model_index.json names, found none. "
                "Copy the whole folder again.",
                path=folder,
                name=clean(name),
            )
        if not name.startswith(_WITHOUT_WEIGHTS):
            yield from _weights(part)
        yield from sorted(one for one in part.iterdir() if one.suffix in (".json", ".txt"))


def _weights(part: Path) -> list[Path]:
    for variant in ("", ".fp16"):
        for stem in _STEMS:
            whole = part / f"{stem}{variant}.safetensors"
            if whole.is_file():
                return [whole]
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
    return found


def _title(folder: Path, index: dict[str, Any]) -> str:
    named = index.get("_name_or_path")
    own = clean(str(named).replace("\\", "/").rstrip("/").rpartition("/")[2]) if named else ""
    return own or clean(folder.name)


def _condition_shape(folder: Path, modality: Modality) -> tuple[int, ...]:
    """What the decoder is conditioned on; empty where the folder does not say."""
    try:
        encoder = read_json(folder / "text_encoder" / "config.json")
        if modality == "audio":
            shape: tuple[Any, ...] = (encoder.get("projection_dim"),)
        else:
            tokenizer = read_json(folder / "tokenizer" / "tokenizer_config.json")
            shape = (tokenizer.get("model_max_length"), encoder.get("hidden_size"))
    except KnownError:
        return ()
    sizes = tuple(one for one in shape if isinstance(one, int) and 0 < one < 1 << 20)
    return sizes if len(sizes) == len(shape) else ()
