"""What an mmproj file gives and to which models it belongs. The name of a file says nothing."""

from __future__ import annotations

from pathlib import Path

from runtime.language_model.gguf_head import GgufHead
from runtime.language_model.mmproj.check import check_mmproj
from runtime.local_models.embedding_width import MAX_WIDTH, embedding_width
from runtime.local_models.found import EmbedderFacts, FoundModel, NotAModelError
from runtime.local_models.titles import licence, title


def is_embedder(head: GgufHead) -> bool:
    """True for an mmproj file, whatever its name."""
    kind, architecture = head.text("general.type"), head.text("general.architecture")
    return kind == "mmproj" or architecture == "clip"


def embedder(path: Path, head: GgufHead) -> FoundModel:
    """What an mmproj file is.

    Raises:
        NotAModelError: it takes in neither pictures nor sounds, or does not say how wide it is.
        KnownError: llama.cpp could not open it.
    """
    return FoundModel(
        kind="mmproj",
        path=path,
        files=(path,),
        title=title(path, head),
        bytes=path.stat().st_size,
        purpose="take in",
        licence=licence(head),
        facts=_facts(path, head),
    )


def _facts(path: Path, head: GgufHead) -> EmbedderFacts:
    sides = tuple(
        side for side in ("vision", "audio") if head.metadata.get(f"clip.has_{side}_encoder")
    )
    if head.metadata.get("clip.has_gen_audio_encoder"):
        raise NotAModelError(
            "{path}: expected a file that takes in pictures or sounds, found one (mmproj) with "
            "which a model speaks. Medley speaks with Kokoro: `medley models get starter`.",
            path=path,
        )
    if not sides:
        raise NotAModelError(
            "{path}: expected a file that takes in pictures or sounds, found one (mmproj) without "
            "either. Get the one that was made for the model.",
            path=path,
        )
    types = tuple(check_mmproj(path).projectors[side] for side in sides)
    widths = {embedding_width(head, side, kind) for side, kind in zip(sides, types, strict=True)}
    if len(widths) != 1 or not 0 < (width := widths.pop()) <= MAX_WIDTH:
        raise NotAModelError(
            "{path}: expected to read which models this file (mmproj) fits, found no such number "
            "in it. Get it again, in a version for today's llama.cpp.",
            path=path,
        )
    made_for = head.text("general.basename") or head.text("general.base_model.0.name")
    return EmbedderFacts(width, "vision" in sides, "audio" in sides, types, made_for)
