"""Jan's models: one folder for each with a `model.yml`, which says where its files are."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Final

from plugins.errors import Problem, phrase
from runtime.local_models.found import FoundModel, NotAModelError
from runtime.local_models.gguf_files import gguf_file
from runtime.local_models.heads import first_bytes
from runtime.local_models.identify import look
from runtime.local_models.titles import clean
from runtime.local_models.walk import DEEPEST, Tell, Walk, untold

_DESCRIPTION: Final = "model.yml"
_LARGEST: Final = 65_536
_LINE: Final = re.compile(r"^(name|model_path|mmproj_path):[ \t]*(\S[^\n]*)$", re.MULTILINE)
"""The settings that matter, which Jan writes without indentation, one on a line."""


def jan_models(data: Path, tell: Tell = untold) -> tuple[list[FoundModel], list[Problem]]:
    """The models of one of Jan's data folders, and what is wrong with the others."""
    models: list[FoundModel] = []
    problems: list[Problem] = []
    root = data / "llamacpp" / "models"
    for path in _descriptions(root, Walk(), DEEPEST):
        tell(path)
        name = clean(path.parent.relative_to(root).as_posix())
        try:
            models += _models(data, name, path)
        except NotAModelError as error:
            problems.append(phrase("{name}: {problem}", name=name, problem=error.problem))
    older = data / "models"
    if older.is_dir():
        survey = look(older, tell)
        models += survey.models
        problems += survey.problems if survey.models else []
    return models, problems


def _descriptions(path: Path, walk: Walk, depth: int) -> Iterator[Path]:
    try:
        folder = walk.enter(path)
    except OSError:
        return
    if folder is None:
        return
    if _DESCRIPTION in folder.names:
        yield path / _DESCRIPTION
    elif depth:
        for inner in folder.folders:
            yield from _descriptions(inner, walk, depth - 1)


def _models(data: Path, name: str, path: Path) -> Iterator[FoundModel]:
    text = first_bytes(path, _LARGEST).decode("utf-8", "replace")
    settings = {key: value.strip().strip("\"'") for key, value in _LINE.findall(text)}
    if "model_path" not in settings:
        raise NotAModelError(
            "{path}: expected Jan's description of a model with its model_path, found none. Import "
            "the model into Jan again.",
            path=path,
        )
    for key in ("model_path", "mmproj_path"):
        if stated := settings.get(key):
            model = gguf_file(data / stated)
            yield replace(model, title=clean(settings.get("name", "")) or name)
