"""What an mmproj file gives and to which models it belongs, by the shapes of its tensors.

The name of a file says nothing: everything is read from the head, as llama.cpp's own library for
pictures and sounds (mtmd) does.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from runtime.language_model.gguf_head import GgufHead
from runtime.local_models.found import EmbedderFacts, FoundModel, NotAModelError
from runtime.local_models.titles import licence, title

MAX_WIDTH: Final = 1 << 22
"""Numbers of one position; the widest models have some ten thousand, several times over."""
_LLAVA, _AUDIO, _FC = "mm.2.weight", "mm.a.mlp.2.weight", "mm.model.fc.weight"
_OUTPUTS: Final[dict[str, tuple[str, int]]] = {
    "ldp": ("mm.model.mb_block.1.block.2.1.bias", 0),
    "ldpv2": ("mm.model.peg.0.bias", 0),
    "mlp": (_LLAVA, 1), "phi4": (_LLAVA, 1), "pixtral": (_LLAVA, 1), "lightonocr": (_LLAVA, 1),
    "dots_ocr": (_LLAVA, 1), "dots3note_v": (_LLAVA, 1), "muse-glimmer": (_LLAVA, 1),
    "lfm2": (_LLAVA, 1), "kimivl": (_LLAVA, 1), "paddleocr": (_LLAVA, 1), "kimik25": (_LLAVA, 1),
    "yasa2": (_LLAVA, 1), "deepseek4v": (_LLAVA, 1), "qwen2vl_merger": (_LLAVA, 1),
    "qwen2.5vl_merger": (_LLAVA, 1), "qwen3vl_merger": (_LLAVA, 1), "ling3vl": (_LLAVA, 1),
    "exaone4_5": (_LLAVA, 1), "youtuvl": (_LLAVA, 1), "mimovl": (_LLAVA, 1),
    "janus_pro": ("mm.1.weight", 1),
    "resampler": ("resampler.proj.weight", 0),
    "minicpmv4_6": ("mm.down.weight", 1), "glm4v": ("mm.down.weight", 1),
    "glm5v": ("mm.down.weight", 1), "cogvlm": ("mm.down.weight", 1),
    "adapter": ("adapter.linear.dense_4h_to_h.weight", 1),
    "minimax_m3": ("mm.merger.fc2.weight", 1),
    "gemma3": ("mm.input_projection.weight", 0), "gemma3nv": ("mm.input_projection.weight", 0),
    "gemma4v": ("mm.input_projection.weight", 1), "gemma4uv": ("mm.input_projection.weight", 1),
    "gemma4a": ("mm.a.input_projection.weight", 1), "gemma4ua": ("mm.a.input_projection.weight", 1),
    "idefics3": (_FC, 1), "llama4": (_FC, 1), "step3vl": (_FC, 1), "hunyuanvl": (_FC, 1),
    "deepseekocr": (_FC, 1), "deepseekocr2": (_FC, 1),
    "internvl": ("mm.model.mlp.3.weight", 1), "nemotron_v2_vl": ("mm.model.mlp.3.weight", 1),
    "ultravox": (_AUDIO, 1), "voxtral": (_AUDIO, 1), "musicflamingo": (_AUDIO, 1),
    "qwen3a": (_AUDIO, 1), "glma": (_AUDIO, 1), "mimo_audio": (_AUDIO, 1),
    "dots3note_a": ("mm.a.mlp.3.weight", 1), "meralion": ("mm.a.mlp.3.weight", 1),
    "qwen2a": ("mm.a.fc.weight", 1),
    "parakeet": ("mm.a.mlp.1.weight", 1),
}  # fmt: skip
"""The tensor whose axis (the first one varies fastest) is the width, by projector type."""


def is_embedder(head: GgufHead) -> bool:
    """True for an mmproj file, whatever its name."""
    kind, architecture = head.text("general.type"), head.text("general.architecture")
    return kind == "mmproj" or architecture == "clip"


def embedder(path: Path, head: GgufHead) -> FoundModel:
    """What an mmproj file is.

    Raises:
        NotAModelError: it takes in neither pictures nor sounds, or does not say how wide it is.
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
    types = tuple(_projector(head, side) for side in sides)
    widths = {_width(head, side, kind) for side, kind in zip(sides, types, strict=True)}
    if len(widths) != 1 or not 0 < (width := widths.pop()) <= MAX_WIDTH:
        raise NotAModelError(
            "{path}: expected to read which models this file (mmproj) fits, found no such number "
            "in it. Get it again, in a version for today's llama.cpp.",
            path=path,
        )
    made_for = head.text("general.basename") or head.text("general.base_model.0.name")
    return EmbedderFacts(width, "vision" in sides, "audio" in sides, types, made_for)


def _projector(head: GgufHead, side: str) -> str:
    stated = head.text("clip.projector_type") or head.text(f"clip.{side}.projector_type")
    if stated == "qwen2.5o":
        return "qwen2.5vl_merger" if side == "vision" else "qwen2a"
    return stated or "mlp"


def _width(head: GgufHead, side: str, projector: str) -> int:
    """Numbers of one position; 0 where the file does not say."""
    stated = head.number(f"clip.{side}.projection_dim")
    name, axis = _OUTPUTS.get(projector, ("", 0))
    if projector == "mlp" and "mm.3.weight" in head.tensors:
        name, axis = "mm.3.bias", 0
    tensor = head.tensors.get(name)
    width = tensor.shape[axis] if tensor is not None and axis < len(tensor.shape) else stated
    return width * _times(head, projector)


def _times(head: GgufHead, projector: str) -> int:
    """How many layers of the model take a picture in."""
    if projector == "qwen3vl_merger":
        return 1 + _counted(head, "v.deepstack.")
    if projector == "granite4_vision":
        return max(1, _counted(head, "v.proj_blk."))
    return 1


def _counted(head: GgufHead, begin: str) -> int:
    return len(
        {name[len(begin) :].split(".")[0] for name in head.tensors if name.startswith(begin)}
    )
