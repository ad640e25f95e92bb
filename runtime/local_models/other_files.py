"""Files that are no model Medley can use, each by its first bytes, and what to do with them."""

from __future__ import annotations

import struct
from pathlib import Path
from typing import Final

from plugins.errors import Problem, phrase
from runtime.local_models.found import NotAModelError
from runtime.local_models.safetensors_head import tensor_names

SAFETENSORS: Final = ".safetensors"
_ARCHIVES: Final = (
    b"\x1f\x8b", b"7z\xbc\xaf\x27\x1c", b"Rar!", b"\xfd7zXZ\x00", b"\x28\xb5\x2f\xfd", b"BZh",
)  # fmt: skip
_ZIP: Final = b"PK\x03\x04"
_GGML: Final = (b"lmgg", b"fmgg", b"tjgg", b"algg")
"""Formats of llama.cpp and whisper.cpp before GGUF."""
_WHISPER_VOCABULARIES: Final = frozenset({51864, 51865, 51866})
_PICKLES: Final = (".pt", ".pth", ".ckpt", ".pkl", ".pickle")
_LORA: Final = ("lora_", ".lora.", ".hada_", "lora.up", "lora.down", ".dora_scale")
_CHECKPOINT: Final = (
    "model.diffusion_model.", "first_stage_model.", "diffusion_model.", "double_blocks.",
    "cond_stage_model.", "joint_blocks.",
)  # fmt: skip
_VAE: Final = ("decoder.conv_in.", "decoder.mid.", "decoder.mid_block.", "post_quant_conv.")
_LANGUAGE: Final = ("model.layers.", "model.embed_tokens.", "lm_head.", "transformer.h.")

OTHER = phrase(
    "a file of another kind. Choose a GGUF file, or the folder of a decoder, of Whisper or of a "
    "voice."
)


def refusal(path: Path, head: bytes) -> NotAModelError:
    """Why a file is no model.

    Args:
        path: the file.
        head: its first bytes, which are not those of a GGUF.

    Returns:
        The error, for whoever raises it.
    """
    try:
        found = _what(path, head)
    except NotAModelError as error:
        return error
    return NotAModelError("{path}: expected a model, found {found}", path=path, found=found)


def _what(path: Path, head: bytes) -> Problem:
    name = path.name.lower()
    if name.endswith(SAFETENSORS):
        return _safetensors(tensor_names(path))
    if head.startswith(_GGML):
        return _ggml(head)
    if head.startswith(_ZIP):
        return _zipped(name, head)
    if head[:1] == b"\x80" or name.endswith(_PICKLES):
        return _pickled()
    if head.startswith(_ARCHIVES) or head[257:262] == b"ustar":
        return phrase("an archive. Unpack it, and choose what is inside.")
    return _by_name(name)


def _safetensors(names: frozenset[str]) -> Problem:
    if any(mark in name for name in names for mark in _LORA):
        return phrase(
            "an adapter (LoRA), which only changes a model. Choose the model itself, or a version "
            "into which the adapter was merged."
        )
    if any(name.startswith(_CHECKPOINT) for name in names):
        return phrase(
            "a decoder in one file (a checkpoint for other programs). Get the same model as a "
            "folder in diffusers' layout, with a model_index.json."
        )
    if any(name.startswith(_LANGUAGE) for name in names):
        return phrase(
            "a language model as its makers train it. Get the GGUF version of the same model, or "
            "make one with llama.cpp's convert_hf_to_gguf.py."
        )
    if any(name.startswith(_VAE) for name in names) and not any("attn2" in one for one in names):
        return phrase(
            "a VAE, which is the part of a decoder that turns latents into pictures. Choose the "
            "whole decoder."
        )
    return phrase(
        "weights alone, which are a part of a model. Choose the folder that holds the whole of it."
    )


def _ggml(head: bytes) -> Problem:
    n_vocab = struct.unpack_from("<i", head, 4)[0] if len(head) >= 8 else 0
    if head.startswith(b"lmgg") and n_vocab in _WHISPER_VOCABULARIES:
        return phrase(
            "Whisper for whisper.cpp. Medley hears with Whisper in the CTranslate2 layout; get it "
            "with `medley models get starter`."
        )
    return phrase(
        "a model in llama.cpp's old format (GGML), which nothing opens any more. Get the GGUF "
        "version of it."
    )


def _zipped(name: str, head: bytes) -> Problem:
    length = struct.unpack_from("<H", head, 26)[0] if len(head) >= 30 else 0
    inside = head[30 : 30 + length].lower()
    if inside.endswith(b"data.pkl") or name.endswith(_PICKLES):
        return _pickled()
    if inside.endswith(b".npy") or name.endswith(".npz"):
        return phrase(
            "arrays of numbers, such as the voices of another program. Medley speaks with one "
            "file for each voice (voices/*.bin) beside Kokoro; get them with `medley models get "
            "starter`."
        )
    return phrase("an archive. Unpack it, and choose what is inside.")


def _pickled() -> Problem:
    return phrase(
        "a pickle, which can run code when it is opened. Medley opens GGUF and safetensors only; "
        "get such a version of the model."
    )


def _by_name(name: str) -> Problem:
    if name.endswith(".onnx"):
        return phrase(
            "one part of a model in ONNX. For a voice, choose the folder that holds this file and "
            "the voices; other ONNX models Medley does not run."
        )
    if name.endswith(".llamafile"):
        return phrase("a program with a model inside (llamafile). Get the model alone, as GGUF.")
    if name in ("model_index.json", "config.json", "tokenizer.json"):
        return phrase("a part of a model. Choose the folder that it is in.")
    if name == "modelfile":
        return phrase("Ollama's description of a model. Choose the GGUF file that it names.")
    return OTHER
