"""What a folder with Whisper in the CTranslate2 layout is, by the head of its weights."""

from __future__ import annotations

import os
import struct
from io import BufferedReader
from pathlib import Path
from typing import Final

from plugins.regular_files import open_regular
from runtime.local_models.found import FoundModel, HearingFacts, NotAModelError
from runtime.local_models.heads import read_json, reading, unreadable
from runtime.local_models.titles import clean, folder_licence, folder_title

WEIGHTS: Final = "model.bin"
_NEEDED: Final = ("config.json", "tokenizer.json")
_VOCABULARIES: Final = ("vocabulary.json", "vocabulary.txt")
_VERSIONS: Final = range(4, 7)
"""Of the weights' format; older ones have other entries."""
_SPEC: Final = "WhisperSpec"
_EMBEDDINGS: Final = "decoder/embeddings/weight"
_ENGLISH_ONLY: Final = 51_864
"""Tokens of the models that know no language but English; others have more."""
_MAX_ENTRIES: Final = 65_536
_MAX_NAME: Final = 1024


class _Foreign(Exception):  # noqa: N818  (control flow within this module)
    """Bytes that are not what CTranslate2 writes."""


def is_hearing_folder(folder: Path) -> bool:
    """True for a folder with weights in the CTranslate2 layout, whole or not."""
    try:
        with open_regular(folder / WEIGHTS) as file:
            return _spec(file).endswith("Spec")
    except (OSError, ValueError, _Foreign):
        return False


def hearing_folder(folder: Path) -> FoundModel:
    """The Whisper of a folder.

    Raises:
        NotAModelError: a file is missing or broken, or the model does something else.
    """
    with reading(folder):
        weights = folder / WEIGHTS
        n_vocab = _checked_weights(weights)
        files = [weights, *_companions(folder)]
        config = read_json(folder / "config.json")
        languages = config.get("lang_ids")
        several = n_vocab > _ENGLISH_ONLY if n_vocab else isinstance(languages, list)
        return FoundModel(
            kind="whisper",
            path=folder,
            files=tuple(files),
            title=folder_title(folder),
            bytes=sum(file.stat().st_size for file in files),
            purpose="hear",
            licence=folder_licence(folder),
            facts=HearingFacts(multilingual=several, n_vocab=n_vocab),
        )


def _companions(folder: Path) -> list[Path]:
    found = [folder / name for name in _NEEDED]
    vocabularies = [folder / name for name in _VOCABULARIES if (folder / name).is_file()]
    missing = [path.name for path in found if not path.is_file()]
    missing += [] if vocabularies else _VOCABULARIES[:1]
    if missing:
        raise NotAModelError(
            "{path}: expected Whisper with {missing} beside its weights, found none. Copy the "
            "whole folder again.",
            path=folder,
            missing=", ".join(missing),
        )
    return found + vocabularies[:1]


def _checked_weights(path: Path) -> int:
    """The number of tokens in whole weights of a Whisper."""
    try:
        with open_regular(path) as file:
            spec = _spec(file)
            if spec != _SPEC:
                raise NotAModelError(
                    "{path}: expected Whisper, found another model for CTranslate2 ({found}). "
                    "Choose a Whisper; `medley models get starter` fetches one.",
                    path=path,
                    found=clean(spec),
                )
            n_vocab, expected = _entries(file)
            found = os.fstat(file.fileno()).st_size
    except _Foreign as error:
        raise NotAModelError(
            "{path}: expected the weights of a Whisper, found something else. Get the folder again "
            "from its source.",
            path=path,
        ) from error
    except (OSError, ValueError) as error:
        raise unreadable(path, error) from error
    if found < expected:
        raise NotAModelError(
            "{path}: expected {expected} bytes, found {found}: it was not copied or downloaded to "
            "its end. Get it again.",
            path=path,
            expected=expected,
            found=found,
        )
    return n_vocab


def _spec(file: BufferedReader) -> str:
    """What kind of model it is, for example `WhisperSpec`."""
    if _number(file, "<I") not in _VERSIONS:
        raise _Foreign
    return _text(file)


def _entries(file: BufferedReader) -> tuple[int, int]:
    """The number of tokens, and the bytes that a whole file has at least."""
    size = os.fstat(file.fileno()).st_size
    _, count = _number(file, "<I"), _number(file, "<I")
    if not 0 < count <= _MAX_ENTRIES:
        raise _Foreign
    n_vocab, end = 0, 0
    for _ in range(count):
        name = _text(file)
        shape = [_number(file, "<I") for _ in range(_number(file, "<B"))]
        _, length = _number(file, "<B"), _number(file, "<I")
        n_vocab = shape[0] if name == _EMBEDDINGS and shape else n_vocab
        if (end := file.tell() + length) > size:
            break
        file.seek(end)
    return n_vocab, end


def _text(file: BufferedReader) -> str:
    length = _number(file, "<H")
    data = file.read(length)
    if not 0 < length <= _MAX_NAME or len(data) < length:
        raise _Foreign
    return data.rstrip(b"\0").decode("utf-8", "replace")


def _number(file: BufferedReader, code: str) -> int:
    data = file.read(struct.calcsize(code))
    if len(data) < struct.calcsize(code):
        raise _Foreign
    return int(struct.unpack(code, data)[0])
