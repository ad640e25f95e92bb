"""Checks a file that lets a GGUF language model see or hear (an mmproj), before llama.cpp opens it.

Such files come from anywhere, and llama.cpp ends the whole process on most that are not what it
expects: a setting of another type, a matrix of another shape, a missing layer. What can be told
from the head is refused here; the rest is tried in a process of its own, see
`runtime.components.mmproj_trial`. Knows the file format; knows no llama.cpp.

Legend: E width of an encoder, F width of its feed-forward layers.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from plugins.errors import Problem, phrase
from plugins.printable import shown
from runtime.language_model.gguf_head import (
    BOOL,
    FLOAT32,
    INT32,
    STRING,
    UINT32,
    GgufHead,
    read_head,
    refuse,
)

ARCHITECTURE: Final = "clip"
_KIND_NAMES: Final = {
    UINT32: "uint32", INT32: "int32", FLOAT32: "float32", BOOL: "bool", STRING: "text",
}  # fmt: skip

VISION: Final = frozenset({
    "mlp", "ldp", "ldpv2", "resampler", "adapter", "qwen2vl_merger", "qwen2.5vl_merger",
    "qwen3vl_merger", "ling3vl", "step3vl", "gemma3", "gemma3nv", "gemma4v", "gemma4uv", "phi4",
    "idefics3", "pixtral", "internvl", "llama4", "qwen2.5o", "lfm2", "kimivl", "paddleocr",
    "lightonocr", "cogvlm", "janus_pro", "dots_ocr", "dots3note_v", "deepseekocr", "deepseekocr2",
    "glm4v", "glm5v", "youtuvl", "yasa2", "kimik25", "nemotron_v2_vl", "exaone4_5", "hunyuanvl",
    "minicpmv4_6", "mimovl", "minimax_m3", "granite4_vision", "muse-glimmer",
})  # fmt: skip
"""Projectors for pictures. Not `deepseek4v`: its embeddings depend on where a picture begins."""
AUDIO: Final = frozenset({
    "ultravox", "qwen2a", "qwen3a", "glma", "qwen2.5o", "voxtral", "meralion", "musicflamingo",
    "gemma4a", "gemma4ua", "lfm2a", "dots3note_a", "granite_speech", "mimo_audio", "parakeet",
})  # fmt: skip
"""Projectors for sounds."""
_PLAIN: Final = frozenset({
    "mlp", "gemma3", "idefics3", "qwen2vl_merger", "qwen2.5vl_merger", "qwen3vl_merger", "internvl",
    "pixtral", "ultravox", "voxtral", "qwen2a", "qwen2.5o", "janus_pro", "glma", "musicflamingo",
})  # fmt: skip
"""Projectors behind encoders of ordinary blocks, whose shapes are known."""
_WIDTHS: Final[dict[str, tuple[str, int]]] = {
    "mlp": ("mm.2.weight", 1), "pixtral": ("mm.2.weight", 1), "janus_pro": ("mm.1.bias", 0),
    "gemma3": ("mm.input_projection.weight", 0), "idefics3": ("mm.model.fc.weight", 1),
    "qwen2vl_merger": ("mm.2.bias", 0), "qwen2.5vl_merger": ("mm.2.bias", 0),
    "internvl": ("mm.model.mlp.3.weight", 1), "ultravox": ("mm.a.mlp.2.weight", 1),
    "voxtral": ("mm.a.mlp.2.weight", 1), "qwen2a": ("mm.a.fc.weight", 1),
}  # fmt: skip
"""The tensor that makes the embeddings, and which of its sizes is their width."""
_OTHER_END: Final = "mm.2.weight"
"""Some files of this kind end with another."""
_WHOLE_NUMBERS: Final = frozenset({24, 25, 26, 27, 28})
"""Tensor types that no network here computes with: integers, and double precision."""
_FLOAT32_TENSOR: Final = 0
_PATCHES_OF: Final = "v.patch_embd.weight"
_SECOND: Final = "v.patch_embd.weight.1"
_POSITIONS, _A_POSITIONS = "v.position_embd.weight", "a.position_embd.weight"
_WHISPER: Final = frozenset({"attn_q.bias", "attn_v.bias", "ln1.bias", "ln2.bias"})
_NEEDED: Final = {
    **dict.fromkeys(("ultravox", "voxtral", "qwen2a", "glma", "musicflamingo"), _WHISPER),
    **dict.fromkeys(
        ("qwen2vl_merger", "qwen2.5vl_merger"),
        frozenset({"attn_q.bias", "attn_k.bias", "attn_v.bias"}),
    ),
}
"""Tensors of each block that llama.cpp reads without asking whether they are there."""
_TOP: Final = {
    **dict.fromkeys(("ultravox", "voxtral", "qwen2a", "glma", "musicflamingo"), (_A_POSITIONS,)),
    **dict.fromkeys(("gemma3", "idefics3", "janus_pro", "internvl"), (_POSITIONS,)),
    "mlp": (_POSITIONS, "mm.0.weight", "mm.0.bias"),
    "qwen2vl_merger": (_SECOND,), "qwen2.5vl_merger": (_SECOND,),
    "qwen3vl_merger": (_SECOND, _POSITIONS, "v.patch_embd.bias"),
}  # fmt: skip
"""Tensors beside the blocks, likewise."""
_DEEPSTACK: Final = frozenset(
    f"{name}.{part}" for name in ("norm", "fc1", "fc2") for part in ("weight", "bias")
)
_TOWERS: Final = {"vision": "v", "audio": "a"}
"""The prefix of a tower's tensors, by the name in its settings."""

_TEXTS: Final = frozenset({
    "general.name", "general.description", "clip.projector_type", "clip.vision.projector_type",
    "clip.audio.projector_type", "clip.vision.mm_patch_merge_type",
})  # fmt: skip
_FLAGS: Final = frozenset({
    "clip.has_vision_encoder", "clip.has_audio_encoder", "clip.has_gen_audio_encoder",
    "clip.use_gelu", "clip.use_silu",
})  # fmt: skip
_FLOATS: Final = frozenset({"attention.layer_norm_epsilon", "swiglu_clamp"})
_COUNTS: Final = frozenset({
    "embedding_length", "feed_forward_length", "block_count", "projection_dim",
    "attention.head_count", "attention.head_count_kv", "attention.head_dim", "image_size",
    "image_min_pixels", "image_max_pixels", "preproc_min_tiles", "preproc_max_tiles",
    "preproc_image_size", "patch_size", "projector.scale_factor", "projector.query_side",
    "projector.window_side", "spatial_merge_size", "n_wa_pattern", "window_size",
    "sam.head_count", "sam.block_count", "sam.embedding_length", "expert_used_count",
    "num_mel_bins", "projector.stack_factor", "chunk_size", "conv_kernel_size", "max_pos_emb",
    "projector.window_size", "projector.downsample_rate", "projector.head_count",
    "rvq.num_quantizers", "local_block_count", "local_group_size", "subsampling_factor",
})  # fmt: skip
_LIMITS: Final = {
    "embedding_length": (1, 65_536), "attention.head_count": (1, 1024), "block_count": (1, 512),
    "feed_forward_length": (0, 2**20), "projection_dim": (0, 2**20),
}  # fmt: skip
_FEWER: Final = {
    "vision.image_size": (0, 8192), "vision.patch_size": (1, 1024),
    "vision.spatial_merge_size": (1, 16), "vision.projector.scale_factor": (1, 64),
    "vision.n_wa_pattern": (0, 512), "vision.window_size": (0, 4096),
    "vision.preproc_max_tiles": (1, 256), "vision.preproc_image_size": (1, 8192),
    "audio.num_mel_bins": (1, 4096), "audio.projector.stack_factor": (1, 64),
    "audio.chunk_size": (1, 8192), "audio.conv_kernel_size": (1, 255),
}  # fmt: skip
"""Least and largest value of settings that only some encoders have."""
_PATCHES: Final = 256
"""The most patches of a picture's side."""


@dataclass(frozen=True)
class MmprojFacts:
    """Facts from the head of an mmproj file that may be opened."""

    projectors: dict[str, str]
    """The kind of projector by tower, `vision` and `audio`."""
    width: int | None
    """Width of the embeddings it makes; None where that cannot be told from the head."""
    size: int
    """Bytes of all tensors."""

    @property
    def modalities(self) -> tuple[str, ...]:
        """The modalities that it takes; a clip is taken as pictures."""
        seen = ("image", "video") if "vision" in self.projectors else ()
        return (*seen, *(("audio",) if "audio" in self.projectors else ()))


def mmproj_bytes(path: Path) -> int:
    """The memory that an mmproj file needs once it is open, in bytes.

    Raises:
        KnownError: as `check_mmproj`.
    """
    return check_mmproj(path).size


def check_mmproj(path: Path, *, width: int | None = None) -> MmprojFacts:
    """Facts of a sound mmproj file whose embeddings are of the language model's `width`.

    Raises:
        KnownError: not a file, not GGUF, cut short, not an mmproj, one for another language model,
            or one on which llama.cpp would end the process, as far as its head shows.
    """
    head = read_head(path)
    return _Checker(path, head).facts(width)


class _Checker:
    """Looks at one head."""

    def __init__(self, path: Path, head: GgufHead) -> None:
        self._path = path
        self._head = head
        self._settings = head.metadata

    def facts(self, width: int | None) -> MmprojFacts:
        architecture = self._settings.get("general.architecture")
        if architecture != ARCHITECTURE:
            refuse(
                self._path,
                phrase("a file (mmproj) that lets a language model see or hear"),
                phrase("architecture {name}", name=repr(architecture)),
            )
        self._check_kinds()
        for name, tensor in self._head.tensors.items():
            if tensor.kind in _WHOLE_NUMBERS:
                self._misfit(f"{name}: F32, F16, Q", f"type {tensor.kind}")
        projectors = self._projectors()
        for tower, projector in projectors.items():
            self._check_settings(tower)
            if projector in _PLAIN:
                self._check_blocks(tower)
                self._check_names(tower, projector)
        found = self._width(projectors, width)
        return MmprojFacts(projectors, found, sum(t.size for t in self._head.tensors.values()))

    def _misfit(self, expected: str, found: object) -> None:
        """Refuse a file that contradicts itself; `expected` is a name and what it should be."""
        told = phrase("no such part") if found is None else f"{found}"
        refuse(self._path, phrase("parts that fit each other ({part})", part=shown(expected)), told)

    def _check_kinds(self) -> None:
        """llama.cpp ends the process on a setting of another type."""
        for key, kind in self._head.kinds.items():
            wanted = _kind_of(key)
            if wanted is not None and kind != wanted:
                self._misfit(f"{key}: {_KIND_NAMES[wanted]}", f"type {kind}")

    def _projectors(self) -> dict[str, str]:
        has = {
            "vision": self._settings.get("clip.has_vision_encoder", False),
            "audio": self._settings.get("clip.has_audio_encoder", False),
        }
        found: dict[str, str] = {}
        for (tower, wanted), known in zip(has.items(), (VISION, AUDIO), strict=True):
            if not wanted:
                continue
            shared = self._settings.get("clip.projector_type")
            name = shared or self._settings.get(f"clip.{tower}.projector_type")
            if name not in known:
                self._refuse_projector(repr(name))
            found[tower] = str(name)
        if not found or self._settings.get("clip.has_gen_audio_encoder"):
            self._refuse_projector(phrase("no such part"))
        return found

    def _refuse_projector(self, found: str | Problem) -> None:
        refuse(self._path, phrase("an encoder for pictures or sounds that Medley knows"), found)

    def _check_settings(self, tower: str) -> None:
        for name, (least, most) in _LIMITS.items():
            self._check_number(f"clip.{tower}.{name}", least, most)
        for name, (least, most) in _FEWER.items():
            if f"clip.{name}" in self._settings:
                self._check_number(f"clip.{name}", least, most)
        heads = self._settings[f"clip.{tower}.attention.head_count"]
        width = self._settings[f"clip.{tower}.embedding_length"]
        if width % heads:
            self._misfit(f"clip.{tower}.embedding_length: {heads} * n", width)
        epsilon = self._settings.get(f"clip.{tower}.attention.layer_norm_epsilon")
        if not isinstance(epsilon, float) or not 0 <= epsilon < 1:
            self._misfit("layer_norm_epsilon: 0 - 1", epsilon)
        if tower == "vision":
            self._check_patches()
        else:
            self._check_number("clip.audio.num_mel_bins", 1, 4096)

    def _check_patches(self) -> None:
        self._check_number("clip.vision.image_size", 0, 8192)
        self._check_number("clip.vision.patch_size", 1, 1024)
        size, patch = (self._settings[f"clip.vision.{key}_size"] for key in ("image", "patch"))
        if size and not patch <= size <= patch * _PATCHES:
            self._misfit(f"clip.vision.image_size: 1 - {_PATCHES} * {patch}", size)

    def _check_number(self, key: str, least: int, most: int) -> None:
        value = self._settings.get(key)
        if not isinstance(value, int) or not least <= value <= most:
            self._misfit(f"{key}: {least} - {most}", value)

    def _check_blocks(self, tower: str) -> None:
        """The shapes of ordinary blocks; a missing tensor is read through a null pointer."""
        width = self._settings[f"clip.{tower}.embedding_length"]
        for number in range(self._settings[f"clip.{tower}.block_count"]):
            block = f"{_TOWERS[tower]}.blk.{number}."
            for name in ("ln1", "ln2"):
                self._check_size(f"{block}{name}.weight", 0, width)
            for name in self._attention(block):
                self._check_size(f"{block}{name}.weight", 0, width)
            self._check_size(f"{block}attn_out.weight", 1, width)
            # Old files have the two the other way round, which llama.cpp knows.
            swapped = self._size(f"{block}ffn_down.weight", 0) == width
            up, down = ("ffn_down", "ffn_up") if swapped else ("ffn_up", "ffn_down")
            self._check_size(f"{block}{up}.weight", 0, width)
            self._check_size(f"{block}{down}.weight", 1, width)
        self._check_biases()

    def _check_names(self, tower: str, projector: str) -> None:
        """All blocks are alike, and what an encoder cannot do without is in each."""
        names = _groups(self._head, f"{_TOWERS[tower]}.blk.")
        wanted = set[str]().union(*names.values(), _NEEDED.get(projector, ()))
        for block in range(self._settings[f"clip.{tower}.block_count"]):
            if missing := wanted - names.get(str(block), set()):
                self._misfit(f"{_TOWERS[tower]}.blk.{block}.{min(missing)}", None)
        for name in _TOP.get(projector, ()):
            if name not in self._head.tensors:
                self._misfit(name, None)
        if projector == "mlp" and not self._ends_llava():
            self._misfit("mm.2.weight, mm.2.bias", None)
        if tower == "vision":
            self._check_grid(projector)
        else:
            self._check_sound(projector)
        for number, found in _groups(self._head, "v.deepstack.").items():
            if lacking := _DEEPSTACK - found:
                self._misfit(f"v.deepstack.{number}.{min(lacking)}", None)

    def _ends_llava(self) -> bool:
        ends = ({f"mm.{number}.weight", f"mm.{number}.bias"} for number in (2, 3))
        return any(names <= self._head.tensors.keys() for names in ends)

    def _check_grid(self, projector: str) -> None:
        """The patches of a picture, and a position for each."""
        width = self._settings["clip.vision.embedding_length"]
        size, patch = (self._settings[f"clip.vision.{key}_size"] for key in ("image", "patch"))
        if "v.class_embd" in self._head.tensors:
            self._check_size("v.class_embd", 0, width)
        kernel = self._head.tensors.get(_PATCHES_OF)
        if kernel is None or kernel.shape != (patch, patch, 3, width):
            found = None if kernel is None else list(kernel.shape)
            self._misfit(f"{_PATCHES_OF}: {[patch, patch, 3, width]}", found)
        merged = self._settings.get("clip.vision.projector.scale_factor", 1)
        if projector == "gemma3" and merged > size // patch:
            self._misfit(f"clip.vision.projector.scale_factor: 1 - {size // patch}", merged)
        positions, patches = self._size(_POSITIONS, 1), (size // patch) ** 2
        if projector == "gemma3" and positions != patches:
            self._misfit(f"{_POSITIONS}: {patches}", positions)
        if projector == "mlp" and (positions or 0) < patches:
            self._misfit(f"{_POSITIONS}: >= {patches}", positions)

    def _check_sound(self, projector: str) -> None:
        """The spectrum that enters, and how many of its pieces are one embedding."""
        bins = self._settings["clip.audio.num_mel_bins"]
        self._check_size("a.conv1d.1.weight", 1, bins)
        if projector in ("ultravox", "voxtral"):
            width = self._settings["clip.audio.embedding_length"]
            stacked = self._settings.get("clip.audio.projector.stack_factor", 1)
            self._check_size("mm.a.mlp.1.weight", 0, width * stacked)
            halves = 2 if projector == "ultravox" else 1
            inner = (self._size("mm.a.mlp.1.weight", 1) or 0) // halves
            self._check_size("mm.a.mlp.2.weight", 0, inner)

    def _attention(self, block: str) -> tuple[str, ...]:
        fused = f"{block}attn_qkv.weight" in self._head.tensors
        return ("attn_qkv",) if fused else ("attn_q", "attn_k", "attn_v")

    def _check_biases(self) -> None:
        for name, tensor in self._head.tensors.items():
            bias = self._size(f"{name.removesuffix('.weight')}.bias", 0)
            plain = name.endswith(".weight") and len(tensor.shape) <= 2
            if name.endswith(".bias") and tensor.kind != _FLOAT32_TENSOR:
                self._misfit(f"{name}: F32", f"type {tensor.kind}")
            if plain and bias not in (None, tensor.shape[-1]):
                self._misfit(f"{name.removesuffix('.weight')}.bias: {tensor.shape[-1]}", bias)

    def _size(self, name: str, axis: int) -> int | None:
        """One size of a tensor; None where there is no such tensor or axis."""
        tensor = self._head.tensors.get(name)
        return tensor.shape[axis] if tensor is not None and axis < len(tensor.shape) else None

    def _check_size(self, name: str, axis: int, wanted: int) -> None:
        if (found := self._size(name, axis)) != wanted:
            self._misfit(f"{name}: {wanted}", found)

    def _width(self, projectors: dict[str, str], wanted: int | None) -> int | None:
        found = None
        for projector in projectors.values():
            name, axis = _WIDTHS.get(projector, ("", 0))
            size = self._size(name, axis)
            if name and size is None and name != _OTHER_END:
                self._misfit(name, None)
            if size is not None and wanted is not None and size != wanted:
                told = "embeddings of the language model's width {width}"
                refuse(self._path, phrase(told, width=wanted), f"{size}")
            found = size or found
        return found


def _groups(head: GgufHead, prefix: str) -> dict[str, set[str]]:
    """The names of tensors below `prefix`, by the number of their block."""
    found: dict[str, set[str]] = {}
    for name in head.tensors:
        if name.startswith(prefix):
            number, _, rest = name.removeprefix(prefix).partition(".")
            found.setdefault(number, set()).add(rest)
    return found


def _kind_of(key: str) -> int | None:
    """The value type that llama.cpp reads a setting as; None for one that it does not read, or of
    which it looks at the type itself."""
    if key in _TEXTS:
        return STRING
    if key in _FLAGS:
        return BOOL
    if key == "clip.minicpmv_version":
        return INT32
    tower, _, name = key.removeprefix("clip.").partition(".")
    if tower in _TOWERS and name in _FLOATS:
        return FLOAT32
    counted = tower in _TOWERS and name in _COUNTS
    return UINT32 if counted or key == "clip.minicpmv_query_num" else None
