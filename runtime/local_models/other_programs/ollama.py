"""Ollama's models: manifests that name what each model is made of, and blobs that hold it.

`manifests/HOST/NAMESPACE/MODEL/TAG` (newer ones in `manifests-v2`, as links) is a JSON object; its
layers have a digest, and `blobs/sha256-DIGEST` is the GGUF, the mmproj or the licence. A newer
manifest may list several, one for each engine.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import msgspec

from plugins.errors import Problem, phrase
from runtime.local_models.found import FoundModel, NotAModelError
from runtime.local_models.gguf_files import gguf_file
from runtime.local_models.heads import first_bytes, read_json
from runtime.local_models.titles import clean
from runtime.local_models.walk import Tell, untold

MOST_MANIFESTS: Final = 2000
_FOLDERS: Final = ("manifests-v2", "manifests")
_USUAL: Final = ("registry.ollama.ai", "library")
_LIST: Final = "application/vnd.ollama.manifest.list.v2+json"
_LAYER: Final = "application/vnd.ollama.image."
_RUNNERS: Final = ("ollama", "llamacpp")
"""Engines whose models are GGUF files."""
_DIGEST: Final = re.compile(r"sha256[:-]([0-9a-fA-F]{64})")
_MOST_LAYERS: Final = 1000
_LICENCES: Final = (
    ("Apache License", "Version 2.0", "Apache-2.0"), ("MIT License", "", "MIT"),
    ("Permission is hereby granted, free of charge", "", "MIT"),
)  # fmt: skip
"""How a licence's text begins, what else it holds, and its SPDX id."""


class _Layer(msgspec.Struct):
    digest: str
    mediaType: str = ""  # noqa: N815  (as the file has it)
    size: int = 0


def ollama_models(folder: Path, tell: Tell = untold) -> tuple[list[FoundModel], list[Problem]]:
    """The models of a folder with `manifests` and `blobs`, and what is wrong with the others."""
    models: list[FoundModel] = []
    problems: list[Problem] = []
    for name, path in _manifests(folder).items():
        tell(path)
        try:
            models += _models(folder, name, path)
        except NotAModelError as error:
            told = phrase("{name}: {problem}", name=name, problem=error.problem)
            problems.append(told)
    return models, problems


def is_ollama_folder(folder: Path) -> bool:
    """True for a folder in which Ollama keeps models."""
    return (folder / "blobs").is_dir() and any((folder / one).is_dir() for one in _FOLDERS)


def _manifests(folder: Path) -> dict[str, Path]:
    """Manifests by the name under which a person knows the model."""
    found: dict[str, Path] = {}
    for root in _FOLDERS:
        for path in _at_depth(folder / root, 4):
            if len(found) < MOST_MANIFESTS:
                found.setdefault(_name(path.relative_to(folder / root).parts), path)
    return dict(sorted(found.items()))


def _at_depth(folder: Path, depth: int) -> Iterator[Path]:
    """Files exactly so many steps below a folder, links to folders not followed."""
    try:
        entries = sorted(folder.iterdir())
    except OSError:
        return
    for entry in entries:
        if depth == 1 and not entry.is_dir():
            yield entry
        elif depth > 1 and entry.is_dir() and not entry.is_symlink():
            yield from _at_depth(entry, depth - 1)


def _name(parts: tuple[str, ...]) -> str:
    """`qwen2.5:0.5b`, `me/mine:latest` or `hf.co/bartowski/Qwen:Q4_K_M`."""
    host, namespace, model, tag = parts
    if (host, namespace) == _USUAL:
        shown = model
    else:
        shown = f"{namespace}/{model}" if host == _USUAL[0] else f"{host}/{namespace}/{model}"
    return clean(f"{shown}:{tag}", 120)


def _models(folder: Path, name: str, path: Path) -> Iterator[FoundModel]:
    layers = _layers(folder, path)
    licence = _licence(folder, layers)
    if not any(layer.mediaType in (f"{_LAYER}model", f"{_LAYER}projector") for layer in layers):
        raise NotAModelError(
            "expected a model as GGUF, found one in another format, which only Ollama runs. Get "
            "the GGUF version of it."
        )
    for layer in layers:
        if layer.mediaType in (f"{_LAYER}model", f"{_LAYER}projector"):
            model = gguf_file(_blob(folder, layer))
            yield replace(model, title=name, licence=model.licence or licence)


def _layers(folder: Path, path: Path) -> list[_Layer]:
    manifest = read_json(path)
    if manifest.get("mediaType") == _LIST:
        manifest = _chosen(folder, manifest)
    try:
        layers = msgspec.convert(manifest.get("layers") or [], list[_Layer])
    except msgspec.ValidationError as error:
        raise _broken(path) from error
    if not layers or len(layers) > _MOST_LAYERS:
        raise _broken(path)
    return layers


def _chosen(folder: Path, manifest: dict[str, Any]) -> dict[str, Any]:
    """The manifest for an engine that runs GGUF files, of a list of several."""
    listed = manifest.get("manifests")
    children = [one for one in listed if isinstance(one, dict)] if isinstance(listed, list) else []
    for runner in _RUNNERS:
        for child in children:
            if child.get("runner") == runner:
                if child.get("layers"):
                    return child
                return read_json(_blob(folder, _Layer(str(child.get("digest")))))
    return {}


def _blob(folder: Path, layer: _Layer) -> Path:
    """The file of a layer.

    Raises:
        NotAModelError: it is not there, or the digest is none.
    """
    found = _DIGEST.fullmatch(layer.digest)
    if found is None:
        raise NotAModelError(
            "expected the name of a blob in Ollama's manifest, found {digest}. Fetch the model "
            "again with `ollama pull`.",
            digest=repr(layer.digest[:80]),
        )
    names = (f"sha256-{found[1]}", f"sha256-{found[1].lower()}", f"sha256:{found[1]}")
    for name in names:
        if (folder / "blobs" / name).is_file():
            return folder / "blobs" / name
    raise NotAModelError(
        "{path}: expected the file that Ollama's manifest names, found none. Fetch the model again "
        "with `ollama pull`.",
        path=folder / "blobs" / names[0],
    )


def _licence(folder: Path, layers: list[_Layer]) -> str:
    """The licence of a model, or how its text begins; empty where there is none."""
    for layer in layers:
        if layer.mediaType == f"{_LAYER}license":
            try:
                text = first_bytes(_blob(folder, layer), 2000).decode("utf-8", "replace")
            except NotAModelError:
                continue
            return _licence_name(text)
    return ""


def _licence_name(text: str) -> str:
    for begin, also, spdx in _LICENCES:
        if begin.lower() in text[:400].lower() and also.lower() in text.lower():
            return spdx
    lines = [line for line in (clean(line) for line in text.splitlines()) if line]
    return lines[0] if lines else ""


def _broken(path: Path) -> NotAModelError:
    return NotAModelError(
        "{path}: expected Ollama's description of a model, found something else. Fetch the model "
        "again with `ollama pull`.",
        path=path,
    )
