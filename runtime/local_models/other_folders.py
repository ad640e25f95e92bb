"""Folders with models that Medley cannot use, each by what gives it away, and what to do."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from plugins.errors import Problem, phrase
from runtime.local_models.found import NotAModelError
from runtime.local_models.heads import read_json

NOTHING = phrase(
    "nothing that it knows. Choose the folder that holds the GGUF file, the model_index.json, "
    "Whisper's model.bin or the voice."
)
_WEIGHTS: Final = (".safetensors", ".bin", ".pt", ".pth")
_SHERPA: Final = ("encoder", "decoder", "joiner", "model")


def refusal(folder: Path, names: frozenset[str]) -> NotAModelError:
    """Why a folder holds no model.

    Args:
        folder: the folder.
        names: of everything directly in it.

    Returns:
        The error, for whoever raises it.
    """
    return NotAModelError(
        "{path}: expected a folder with a model, found {found}",
        path=folder,
        found=_what(folder, names),
    )


def _what(folder: Path, names: frozenset[str]) -> Problem:
    if not names:
        return phrase("an empty one. Choose the folder that holds the model.")
    if "adapter_config.json" in names:
        return phrase(
            "an adapter (LoRA), which only changes a model. Choose the model itself, or a version "
            "into which the adapter was merged."
        )
    return _speech(names) or _trained(folder, names) or NOTHING


def _speech(names: frozenset[str]) -> Problem | None:
    onnx = [name for name in names if name.endswith(".onnx")]
    if any(f"{name}.json" in names for name in onnx):
        return phrase(
            "a voice for Piper. Medley speaks with Kokoro; get it with `medley models get starter`."
        )
    if "tokens.txt" in names and any(name.startswith(_SHERPA) for name in onnx):
        return phrase(
            "speech for sherpa-onnx. Medley hears with Whisper (CTranslate2) and speaks with "
            "Kokoro; get them with `medley models get starter`."
        )
    if any(name.startswith("ggml-") and name.endswith(".bin") for name in names):
        return phrase(
            "Whisper for whisper.cpp. Medley hears with Whisper in the CTranslate2 layout; get it "
            "with `medley models get starter`."
        )
    if {"onnx", "voices"} <= names or any(name.startswith("kokoro") for name in names):
        return phrase(
            "Kokoro as another program keeps it. Medley wants its model (*.onnx) and one file for "
            "each voice (voices/*.bin) in one folder; get it with `medley models get starter`."
        )
    return None


def _trained(folder: Path, names: frozenset[str]) -> Problem | None:
    """A model as its makers train it, for transformers or what builds on it."""
    if "config.json" not in names or not any(name.endswith(_WEIGHTS) for name in names):
        return None
    try:
        config = read_json(folder / "config.json")
    except NotAModelError as error:
        return error.problem
    if "_class_name" in config:
        return phrase(
            "one part of a decoder. Choose the folder above it, which holds the model_index.json."
        )
    if config.get("model_type") == "whisper":
        return phrase(
            "Whisper as its makers train it. Get the CTranslate2 version (faster-whisper), or make "
            "one with ct2-transformers-converter."
        )
    return phrase(
        "a model as its makers train it. Get the GGUF version of the same model, or make one with "
        "llama.cpp's convert_hf_to_gguf.py."
    )
