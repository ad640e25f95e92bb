"""Loads Whisper models in the CTranslate2 layout. Imports faster-whisper on use."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from plugins.errors import KnownError, phrase

if TYPE_CHECKING:
    from faster_whisper import WhisperModel

CHINESE_HINT = "以下是普通话的句子，使用简体中文和标点符号。"
"""Makes the model write simplified characters and punctuation."""
WORKING_BYTES = 150_000_000
"""What a model needs beside its weights while it runs."""
_FILES = ("config.json", "model.bin", "tokenizer.json")
"""What a model's folder must hold; a vocabulary stands beside them in one of two formats."""


def checked_folder(folder: Path | None) -> Path:
    """The model's folder, with every file in it: the library would fetch what is missing.

    Raises:
        KnownError: there is none, or a file is missing.
    """
    if folder is None:
        raise KnownError(
            "speech: expected a Whisper model, found none. Fetch one under Settings, Models, or "
            "with `medley models get starter`."
        )
    missing = [name for name in _FILES if not (folder / name).is_file()]
    if not any((folder / f"vocabulary.{suffix}").is_file() for suffix in ("json", "txt")):
        missing.append("vocabulary.json")
    if missing:
        raise KnownError(
            "speech: expected {missing} in {folder}, found none; fetch the model again with "
            "`medley models get {folder_2}`.",
            missing=", ".join(missing),
            folder=folder,
            folder_2=folder.name,
        )
    return folder


def load(folder: Path, threads: int) -> WhisperModel:
    """The model with 8-bit numbers on the processor.

    Raises:
        KnownError: it is broken.
    """
    from faster_whisper import WhisperModel

    try:
        return WhisperModel(
            str(folder),
            device="cpu",
            compute_type="int8",
            cpu_threads=threads,
            local_files_only=True,
        )
    except (OSError, RuntimeError, ValueError, KeyError, TypeError) as error:
        said = " ".join(str(error).split())[:300]
        raise KnownError(
            "speech: the model in {folder} cannot be read ({error_type}: {said}); fetch it "
            "again with `medley models get {folder_2}`.",
            folder=folder,
            error_type=type(error).__name__,
            said=said,
            folder_2=folder.name,
        ) from error


def checked_language(model: WhisperModel, language: str) -> str:
    """A language's code as the model knows it; an empty one stays empty.

    Raises:
        KnownError: the model does not know the language.
    """
    known = model.supported_languages
    code = language.lower()
    if code and code not in known:
        found = phrase("English")
        if len(known) > 1:
            told = "{count} languages, among them en, zh, de, fr"
            found = phrase(told, count=len(known))
        raise KnownError(
            "speech: expected the code of a language that the model hears ({found}), found "
            "{language}. Choose another, or leave it out to have it found.",
            found=found,
            language=repr(language),
        )
    return code
