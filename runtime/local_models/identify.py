"""What a file or a folder that a person names is: the models in it, or why there is none.

    identify(path)                  the models of a file or a folder
    identified_as(path, "talk")     the only one for a purpose

Reads the heads of files only; loads nothing, runs nothing, opens no connection.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from plugins.checkpoints import is_checkpoint
from plugins.errors import Problem, joined, phrase
from runtime.language_model.gguf_pieces import piece_files
from runtime.local_models import other_files, other_folders
from runtime.local_models.decoders import INDEX, checkpoint_file, decoder_folder
from runtime.local_models.found import FoundModel, NotAModelError, Purpose
from runtime.local_models.gguf_files import gguf_file
from runtime.local_models.heads import first_bytes, refuse_stand_ins, unreadable
from runtime.local_models.hearing import hearing_folder, is_hearing_folder
from runtime.local_models.other_programs.ollama import is_ollama_folder, ollama_models
from runtime.local_models.pairing import fitting_nothing
from runtime.local_models.safetensors_head import tensor_shapes
from runtime.local_models.voices import is_voice_folder, voice_folder
from runtime.local_models.walk import DEEPEST, Folder, Tell, Walk, untold

MOST_MODELS: Final = 500
"""Models of one folder."""
_MOST_PROBLEMS: Final = 3
"""Sentences of one error."""
_MOST_OTHERS: Final = 64
"""Files of a folder that are looked at although their names promise nothing."""
_PARTS: Final = frozenset({INDEX, "model.bin", "config.json", "tokenizer.json"})
"""Names of files that stand for the folder they are in."""
_NAMES: Final[dict[Purpose, Problem]] = {
    "talk": phrase("a model that talks"),
    "take in": phrase("a file (mmproj) that takes in pictures or sounds"),
    "image": phrase("a decoder of pictures"),
    "audio": phrase("a decoder of sounds"),
    "video": phrase("a decoder of clips"),
    "hear": phrase("a model that hears"),
    "speak": phrase("a voice"),
}


@dataclass
class Survey:
    """What was found, and what was wrong with the rest."""

    models: list[FoundModel] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    """Whole sentences, each names its file."""
    tell: Tell = untold


def identify(path: Path, tell: Tell = untold) -> tuple[FoundModel, ...]:
    """The models of a file or a folder, at least one.

    Args:
        path: a GGUF file, one piece of several, a decoder in one file, or a folder with models in
            it or below it.
        tell: gets each file or folder before it is looked at, a fifth of a second of work; may
            raise to stop.

    Returns:
        The models. What else in the folder cannot be used is among the warnings of the first.

    Raises:
        NotAModelError: there is no model that Medley can use; says what was found and what to do.
    """
    survey = look(path, tell)
    if not survey.models:
        raise NotAModelError(joined(survey.problems[:_MOST_PROBLEMS]))
    first, *others = survey.models
    warned = replace(first, warnings=(*first.warnings, *survey.problems[:_MOST_PROBLEMS]))
    return warned, *others


def identified_as(path: Path, purpose: Purpose, tell: Tell = untold) -> FoundModel:
    """The only model for a purpose in a file or a folder; arguments as for `identify`.

    Raises:
        NotAModelError: there is none, or more than one.
    """
    survey = look(path, tell)
    wanted = [one for one in survey.models if one.purpose == purpose]
    if len(wanted) == 1:
        return wanted[0]
    if wanted:
        raise NotAModelError(
            "{path}: expected {wanted}, found {count}: {names}. Name the file of the one to use.",
            path=path,
            wanted=_NAMES[purpose],
            count=len(wanted),
            names=", ".join(one.path.name for one in wanted[:10]),
        )
    if survey.problems:
        raise NotAModelError(joined(survey.problems[:_MOST_PROBLEMS]))
    raise NotAModelError(
        "{path}: expected {wanted}, found {found} ({title}). Choose another file or folder.",
        path=path,
        wanted=_NAMES[purpose],
        found=_NAMES[survey.models[0].purpose],
        title=survey.models[0].title,
    )


def look(path: Path, tell: Tell = untold, *, tell_of_nothing: bool = True) -> Survey:
    """Everything that a file or a folder holds; as `identify`, but raises for nothing it finds.

    Args:
        path: as for `identify`.
        tell: as for `identify`.
        tell_of_nothing: whether a folder without anything that looks like a model is a problem.
    """
    path = Path(path)
    survey, walk = Survey(tell=tell), Walk()
    try:
        if is_ollama_folder(path):
            survey.models, survey.problems = ollama_models(path, tell)
        elif path.is_dir():
            _look_in(path, survey, walk, 0)
        elif not _is_part(path, survey):
            survey.models.append(_file(path))
        if tell_of_nothing and not survey.models and not survey.problems:
            _take_others(path, survey)
    except NotAModelError as error:
        survey.problems.append(error.problem)
    except (OSError, ValueError) as error:
        survey.problems.append(unreadable(path, error).problem)
    if walk.is_over or len(survey.models) >= MOST_MODELS:
        survey.problems.append(_too_much(path).problem)
    survey.problems += [_nameless(one).problem for one in survey.models if not _is_named(one)]
    survey.models[:] = fitting_nothing([one for one in survey.models if _is_named(one)])
    return survey


def _look_in(path: Path, survey: Survey, walk: Walk, depth: int) -> None:
    try:
        folder = walk.enter(path)
    except OSError as error:
        survey.problems.append(unreadable(path, error).problem)
        return
    if folder is None:
        return
    if not _take_whole(folder, survey):
        _take_ggufs(folder, survey)
        _take_checkpoints(folder, survey)
        for inner in folder.folders if depth < DEEPEST else ():
            _look_in(inner, survey, walk, depth + 1)


def _take_whole(folder: Folder, survey: Survey) -> bool:
    """Take a folder that is one model; False if it is none."""
    for is_one, model in (
        (INDEX in folder.names, decoder_folder),
        ("model.bin" in folder.names and is_hearing_folder(folder.path), hearing_folder),
        ("voices" in folder.names and is_voice_folder(folder.path), voice_folder),
    ):
        if is_one:
            survey.tell(folder.path)
            try:
                survey.models.append(model(folder.path))
            except NotAModelError as error:
                survey.problems.append(error.problem)
            return True
    return False


def _is_part(path: Path, survey: Survey) -> bool:
    """Take the folder of a file that is a part of a model; False for any other file."""
    folder = Walk().enter(path.parent) if path.name in _PARTS or path.suffix == ".onnx" else None
    return folder is not None and path.name in folder.names and _take_whole(folder, survey)


def _take_ggufs(folder: Folder, survey: Survey) -> None:
    """Take every GGUF of a folder, models in several pieces once."""
    taken: set[Path] = set()
    for path in folder.files:
        if path.suffix.lower() != ".gguf" or path in taken or len(survey.models) >= MOST_MODELS:
            continue
        taken.update(piece_files(path))
        survey.tell(path)
        try:
            survey.models.append(gguf_file(path))
        except NotAModelError as error:
            survey.problems.append(error.problem)


def _take_checkpoints(folder: Folder, survey: Survey) -> None:
    """Take every decoder in one file of a folder; adapters and parts of models are passed by."""
    for path in folder.files:
        if path.suffix.lower() == other_files.SAFETENSORS and len(survey.models) < MOST_MODELS:
            survey.tell(path)
            with suppress(NotAModelError):
                survey.models.append(_file(path))


def _file(path: Path) -> FoundModel:
    head = refuse_stand_ins(path)
    if head.startswith(b"GGUF"):
        return gguf_file(path)
    if path.suffix.lower() == other_files.SAFETENSORS:
        shapes = tensor_shapes(path)
        if is_checkpoint(shapes):
            return checkpoint_file(path, shapes)
    raise other_files.refusal(path, head)


def _take_others(path: Path, survey: Survey) -> None:
    """Take the GGUFs of a folder that are not called so; else why there is no model in it, which is
    the reason of its only file where it has only one."""
    folder = Walk().enter(path) or Folder(path, (), ())
    for file in folder.files[:_MOST_OTHERS]:
        try:
            if len(folder.names) == 1 or first_bytes(file, 4) == b"GGUF":
                survey.models.append(_file(file))
        except NotAModelError as error:
            survey.problems.append(error.problem)
    if not survey.models and not survey.problems:
        survey.problems.append(other_folders.refusal(path, folder.names).problem)


def _is_named(found: FoundModel) -> bool:
    """True if notes and manifests, which are UTF-8, can name all its files."""
    try:
        "".join(map(str, (found.path.absolute(), *found.files))).encode()
    except UnicodeEncodeError:
        return False
    return True


def _nameless(found: FoundModel) -> NotAModelError:
    return NotAModelError(
        "{path}: expected a path in UTF-8, found bytes that are no text. Rename the file or its "
        "folder.",
        path=found.path,
    )


def _too_much(path: Path) -> NotAModelError:
    return NotAModelError(
        "{path}: expected a folder of models, found one with so many files that not all were "
        "looked at. Choose the model's own folder.",
        path=path,
    )
