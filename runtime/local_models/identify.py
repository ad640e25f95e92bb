"""What a file or a folder that a person names is: the models in it, or why there is none.

    identify(path)          the models of a file or a folder

Reads the heads of files only; loads nothing, runs nothing, opens no connection.
"""

from __future__ import annotations

from pathlib import Path

from plugins.errors import joined
from runtime.local_models.decoders import INDEX, decoder_folder
from runtime.local_models.found import FoundModel, NotAModelError
from runtime.local_models.gguf_files import gguf_file
from runtime.local_models.heads import first_bytes, refuse_stand_ins


def identify(path: Path) -> tuple[FoundModel, ...]:
    """The models of a file or a folder, at least one.

    Args:
        path: a GGUF file, one piece of several, or a folder that holds a model.

    Raises:
        NotAModelError: there is no model that Medley can use; says what was found and what to do.
    """
    path = Path(path)
    return _folder(path) if path.is_dir() else (_file(path),)


def _file(path: Path) -> FoundModel:
    head = first_bytes(path)
    refuse_stand_ins(path, head)
    if head.startswith(b"GGUF"):
        return gguf_file(path)
    raise NotAModelError(
        "{path}: expected a model (a GGUF file or a folder), found another kind of file. Choose "
        "the model's file or folder.",
        path=path,
    )


def _folder(folder: Path) -> tuple[FoundModel, ...]:
    if (folder / INDEX).is_file():
        return (decoder_folder(folder),)
    found, problems = [], []
    for path in sorted(folder.glob("*.gguf")):
        try:
            found.append(_file(path))
        except NotAModelError as error:
            problems.append(error.problem)
    if found:
        return tuple(found)
    if problems:
        raise NotAModelError(joined(problems))
    raise NotAModelError(
        "{path}: expected a folder with a model, found none in it. Choose the folder that holds "
        "the GGUF file, the model_index.json or the voice.",
        path=folder,
    )
