"""Models that lie on the disk as several GGUF files, `NAME-00001-of-00003.gguf` and so on.

llama.cpp finds the pieces by their names once it is given the first one, which holds everything
that the model says of itself. Knows the file format; knows no llama.cpp.
"""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Final

from plugins.errors import KnownError
from runtime.language_model.gguf_head import GgufHead, GgufTensor, read_head

MAX_PIECES: Final = 1024
_NAME: Final = re.compile(r"(.+)-(\d{5})-of-(\d{5})\.gguf", re.DOTALL)


def piece_files(path: Path) -> tuple[Path, ...]:
    """Every file of the model to which a file belongs, in order; the file itself if it is whole.

    Args:
        path: any of the pieces; only its name is looked at.
    """
    found = _NAME.fullmatch(path.name)
    if found is None or not 1 <= int(found[2]) <= int(found[3]) <= MAX_PIECES:
        return (path,)
    count = int(found[3])
    return tuple(
        path.with_name(f"{found[1]}-{number:05}-of-{count:05}.gguf")
        for number in range(1, count + 1)
    )


def whole(path: Path, head: GgufHead) -> GgufHead:
    """The head of the whole model.

    Args:
        path: the model's only file, or the first of its pieces.
        head: of this file.

    Raises:
        KnownError: a piece is missing or broken, or has another name than llama.cpp expects.
    """
    count = head.metadata.get("split.count", 1)
    if count in (0, 1):
        return head
    files = piece_files(path)
    if len(files) != count:
        raise KnownError(
            "{path}: expected a whole model, found one of {count} pieces under a name that does "
            "not say so. Give all pieces the names under which they were published, like "
            "{example}.",
            path=path.name,
            count=str(count),
            example="NAME-00001-of-00002.gguf",
        )
    if missing := [file.name for file in files if not file.is_file()]:
        raise KnownError(
            "{path}: expected all {count} pieces of this model in one folder, found that {missing} "
            "is not there. Get the missing piece and put it beside the others.",
            path=path.name,
            count=count,
            missing=", ".join(missing[:3]),
        )
    if files[0] != path:
        raise KnownError(
            "{path}: expected the first piece of a model, found a later one. Name {first}.",
            path=path.name,
            first=files[0].name,
        )
    return replace(head, tensors=_joined(files, head))


def _joined(files: tuple[Path, ...], head: GgufHead) -> dict[str, GgufTensor]:
    tensors = dict(head.tensors)
    for number, file in enumerate(files[1:], start=1):
        piece = read_head(file)
        stated = piece.metadata.get("split.no"), piece.metadata.get("split.count")
        if stated != (number, len(files)) or tensors.keys() & piece.tensors.keys():
            raise KnownError(
                "{path}: expected piece {number} of {count} of a model, found a file of another "
                "model under this name. Get it again from the same place as the others.",
                path=file.name,
                number=number + 1,
                count=len(files),
            )
        tensors |= piece.tensors
    if (expected := head.number("split.tensors.count")) not in (0, len(tensors)):
        raise KnownError(
            "{path}: expected {expected} tensors in all pieces together, found {found}. Get the "
            "pieces again, all from the same place.",
            path=files[0].name,
            expected=expected,
            found=len(tensors),
        )
    return tensors
