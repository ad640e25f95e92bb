"""Sound GGUF files that are no model to talk with, each by what gives it away."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from plugins.errors import Problem, phrase
from runtime.language_model.gguf_head import GgufHead
from runtime.local_models.found import NotAModelError

_EMBEDDING: Final = frozenset(
    """
    bert eurobert gemma-embedding jina-bert-v2 jina-bert-v3 llama-embed modern-bert neo-bert
    nomic-bert nomic-bert-moe
    """.split()
)
_POOLING: Final = {1: "mean", 2: "cls", 3: "last", 4: "rank"}
"""Kinds of pooling that only models for searching have, as llama.cpp numbers them."""
_RANKS: Final = 4
_DRAFTS: Final = frozenset({"eagle3", "dflash", "gemma4-assistant"})
_BY_DIFFUSION: Final = frozenset({"dream", "llada", "llada-moe", "rnd1"})
_SPEECH: Final = frozenset({"wavtokenizer-dec", "qwen3tts", "pockettts", "whisper", "kokoro"})
_PICTURES: Final = frozenset(
    """
    aura chroma cosmos flux flux2 hidream hyvid kandinsky5 lens ltxv lumina2 omnigen2 pig
    qwen_image sd1 sd3 sdxl wan z_image
    """.split()
)
"""As programs that draw from GGUF files name them."""
_PICTURE_TENSORS: Final = (
    "model.diffusion_model.", "diffusion_model.", "first_stage_model.", "double_blocks.",
    "transformer_blocks.", "joint_blocks.", "noise_refiner.",
)  # fmt: skip
_ONE_FILE: Final = ("v.", "mm.", "a.", "s.")
"""What the names of tensors for pictures and sounds begin with; in a file of their own, except
with Ollama."""
_OLLAMA: Final = frozenset({"gptoss", "mllama", "qwen25vl"})
"""Architectures that only Ollama names so."""


def refuse_others(path: Path, head: GgufHead) -> None:
    """Let pass what may be a model that talks.

    Args:
        path: the file.
        head: no mmproj's.

    Raises:
        NotAModelError: it is something else; says what, and what to do.
    """
    found = _something_else(head, head.text("general.architecture"))
    if found is not None:
        raise NotAModelError(
            "{path}: expected a model that talks, found {found}", path=path, found=found
        )


def _something_else(head: GgufHead, architecture: str) -> Problem | None:
    """What it is, and what to do."""
    kind = head.text("general.type")
    if kind == "adapter" or "adapter.type" in head.metadata or architecture == "controlvector":
        return phrase(
            "an adapter (LoRA), which only changes a model. Choose the model itself, or a version "
            "into which the adapter was merged."
        )
    if kind == "imatrix" or architecture == "imatrix":
        return phrase(
            "measurements that help to make a model smaller (imatrix). Choose the model itself."
        )
    return _other_kind(head, architecture)


def _other_kind(head: GgufHead, architecture: str) -> Problem | None:
    pooling = head.number(f"{architecture}.pooling_type")
    if pooling == _RANKS:
        return phrase(
            "one that sorts search results (a reranker), which cannot talk. Choose a chat model."
        )
    if architecture in _EMBEDDING or pooling in _POOLING:
        return phrase(
            "one that turns text into numbers for searching (an embedding model), which cannot "
            "talk. Choose a chat model."
        )
    if architecture in ("t5", "t5encoder"):
        return phrase(
            "one that reads text for others (T5), which does not hold conversations. Choose a chat "
            "model."
        )
    if architecture in _SPEECH:
        return phrase(
            "one for speech, in a format that Medley does not run. It hears with Whisper "
            "(CTranslate2) and speaks with Kokoro: `medley models get starter`."
        )
    return _made_for_others(head, architecture)


def _made_for_others(head: GgufHead, architecture: str) -> Problem | None:
    if architecture in _PICTURES or any(one.startswith(_PICTURE_TENSORS) for one in head.tensors):
        return phrase(
            "one that makes pictures or clips, as a GGUF file. Medley draws with folders in "
            "diffusers' layout (model_index.json); get that version of it."
        )
    if architecture in _DRAFTS:
        return phrase(
            "one that only makes another model faster (a draft model). Choose the model itself."
        )
    if architecture in _BY_DIFFUSION:
        return phrase(
            "one that writes its whole answer at once (a diffusion model), which Medley does not "
            "run. Choose another chat model."
        )
    if architecture in _OLLAMA or any(one.startswith(_ONE_FILE) for one in head.tensors):
        return phrase(
            "one file for text and pictures together, which only Ollama runs. Get the GGUF from "
            "the model's page, with its file for pictures (mmproj) beside it."
        )
    return None
