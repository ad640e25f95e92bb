"""What a folder with the voices of Kokoro is."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from plugins.errors import KnownError
from runtime.local_models.found import FoundModel, NotAModelError, VoiceFacts
from runtime.local_models.heads import read_json, reading
from runtime.local_models.onnx_head import input_names
from runtime.local_models.titles import folder_licence, folder_title
from runtime.speech.voice import names
from runtime.speech.voice.english.lexicon import FILES as DICTIONARIES

_INPUTS: Final = frozenset({"tokens", "style", "speed"})
_ROW: Final = 4 * 256
"""Bytes of one row of a voice."""
_VOCABULARY: Final = "vocab.json"


def is_voice_folder(folder: Path) -> bool:
    """True for a folder with a model in ONNX and voices beside it, whole or not."""
    return any(folder.glob("*.onnx")) and any(folder.glob("voices/*.bin"))


def voice_folder(folder: Path) -> FoundModel:
    """The voices of a folder.

    Raises:
        NotAModelError: a file is missing or broken, or the model is another one.
    """
    with reading(folder):
        model = min(folder.glob("*.onnx"))
        if not input_names(model) >= _INPUTS:
            raise NotAModelError(
                "{path}: expected Kokoro as kokoro-onnx has it (it takes {inputs}), found a model "
                "that takes something else. Get kokoro-v1.0.onnx, or `medley models get starter`.",
                path=model,
                inputs=", ".join(sorted(_INPUTS)),
            )
        files = (model, *_companions(folder), *_voices(folder))
        found = _voices_by_name(folder)
        return FoundModel(
            kind="kokoro",
            path=folder,
            files=files,
            title=folder_title(folder),
            bytes=sum(file.stat().st_size for file in files),
            purpose="speak",
            licence=folder_licence(folder),
            facts=VoiceFacts(
                tuple(one.name for one in found),
                tuple(dict.fromkeys(one.language for one in found if one.language)),
            ),
        )


def _companions(folder: Path) -> tuple[Path, ...]:
    found = tuple(folder / name for name in (_VOCABULARY, *DICTIONARIES))
    missing = [path.name for path in found if not path.is_file()]
    if missing:
        raise NotAModelError(
            "{path}: expected Kokoro with {missing} beside its model, found none. Copy them from "
            "the folder that `medley models get starter` fetches.",
            path=folder,
            missing=", ".join(missing),
        )
    if not isinstance(read_json(found[0]).get("vocab"), dict):
        raise NotAModelError(
            "{path}: expected the phonemes of the voice, found something else. Copy the file "
            "again.",
            path=found[0],
        )
    return found


def _voices(folder: Path) -> tuple[Path, ...]:
    found = tuple(sorted(folder.glob("voices/*.bin")))
    for path in found:
        size = path.stat().st_size
        if not size or size % _ROW:
            raise NotAModelError(
                "{path}: expected a voice of rows of {row} bytes, found {size} bytes. Copy the "
                "file again.",
                path=path,
                row=_ROW,
                size=size,
            )
    return found


def _voices_by_name(folder: Path) -> tuple[names.VoiceName, ...]:
    try:
        return names.voices_of(folder)
    except KnownError as error:
        raise NotAModelError(error.problem) from error
