"""The language model that NExT-GPT was trained on, Vicuna-7B-v0: a Hugging Face folder or a GGUF.

Gives its matrices one at a time in llama.cpp's order, and its vocabulary. Refuses by name what has
the same shapes and other weights. Knows both layouts; knows nothing of the checkpoint.

Legend: H heads, R rotary width of one head, D model width.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Protocol

import gguf
import torch
from numpy.typing import NDArray

from plugins.errors import KnownError, phrase
from runtime.language_model.gguf_check import check_gguf
from runtime.media import shown
from training.gguf.export import rotary_order, tensor_name
from training.importing.base_checks import (
    check_facts,
    check_tensors,
    check_vocabulary,
    refuse,
)
from training.importing.sizes import Sizes
from training.importing.spm import Pieces, read_pieces
from training.importing.tensors import Shape, TensorFiles, weight_files

Array = NDArray[Any]
READABLE = (
    gguf.GGMLQuantizationType.F32,
    gguf.GGMLQuantizationType.F16,
    gguf.GGMLQuantizationType.Q8_0,
)
"""How a GGUF may hold the matrices to which adapters are added."""
_INV_FREQ = "self_attn.rotary_emb.inv_freq"
_LARGEST = 1 << 20


class Base(Protocol):
    """The language model's tensors by their names in a GGUF."""

    pieces: Pieces
    """Its vocabulary, without what was added to LLaMA's."""
    files: tuple[Path, ...]
    left_out: tuple[str, ...]
    """Tensors that are not needed."""

    def get(self, name: str) -> Array:
        """A tensor in llama.cpp's order, float16 or float32."""


def open_base(path: Path, sizes: Sizes) -> Base:
    """The language model of a folder or of a GGUF file.

    Raises:
        KnownError: it is neither, cannot be read, or is another model than Vicuna-7B-v0.
    """
    if path.is_file():
        return GgufBase(path, sizes)
    if (path / "config.json").is_file():
        return FolderBase(path, sizes)
    raise KnownError(
        "{path}: expected Vicuna-7B-v0 as a folder with config.json, or as a .gguf file, found "
        "neither. Give the path of one.",
        path=shown(path),
    )


class FolderBase:
    """A Hugging Face folder."""

    def __init__(self, folder: Path, sizes: Sizes) -> None:
        """
        Raises:
            KnownError: see `open_base`.
        """
        self._heads = sizes.heads
        _check_config(folder, sizes)
        self.pieces = _folder_pieces(folder, sizes)
        self._tensors = TensorFiles(weight_files(folder))
        self.files: tuple[Path, ...] = (
            *self._tensors.files,
            folder / "config.json",
            folder / "tokenizer.model",
        )
        self.left_out = tuple(n for n in self._tensors.shapes if n.endswith(_INV_FREQ))
        for name in self.left_out[:1]:
            self._check_rotary(folder, name, sizes)
        found: dict[str, Shape] = {}
        self._names: dict[str, str] = {}
        for name, shape in self._tensors.shapes.items():
            if name not in self.left_out:
                own = _gguf_name(name)
                found[own], self._names[own] = shape, name
        check_tensors(folder, found, sizes)

    def get(self, name: str) -> Array:
        """See `Base.get`."""
        tensor = self._tensors.get(self._names[name])
        wide = tensor if tensor.dtype in (torch.float16, torch.float32) else tensor.float()
        array: Array = wide.numpy()
        return rotary_order(array, self._heads) if _is_rotary(name) else array

    def _check_rotary(self, folder: Path, name: str, sizes: Sizes) -> None:
        rotary = sizes.d_model // sizes.heads
        steps = torch.arange(0, rotary, 2, dtype=torch.float64) / rotary
        found = self._tensors.get(name).double()
        if found.shape != steps.shape or not torch.allclose(
            found, sizes.rope_base**-steps, rtol=1e-2
        ):
            refuse(folder, phrase("rotary positions of another base in {name}", name=name))


class GgufBase:
    """A GGUF file."""

    def __init__(self, file: Path, sizes: Sizes) -> None:
        """
        Raises:
            KnownError: see `open_base`.
        """
        facts = check_gguf(file)
        self.files: tuple[Path, ...] = (file,)
        self._reader = gguf.GGUFReader(file)
        self._check_settings(file, facts.architecture, sizes)
        found = {t.name: _shape(t) for t in self._reader.tensors}
        self.left_out: tuple[str, ...] = tuple(n for n in found if n == "rope_freqs.weight")
        check_tensors(file, {n: s for n, s in found.items() if n not in self.left_out}, sizes)
        self._tensors = {tensor.name: tensor for tensor in self._reader.tensors}
        self._check_types(file)
        self.pieces = self._vocabulary(file, sizes)

    def get(self, name: str) -> Array:
        """See `Base.get`."""
        tensor = self._tensors[name]
        if tensor.tensor_type == gguf.GGMLQuantizationType.Q8_0:
            array: Array = gguf.dequantize(tensor.data, tensor.tensor_type)
            return array.reshape(_shape(tensor))
        return tensor.data

    def _value(self, key: str, default: Any = None) -> Any:
        field = self._reader.get_field(key)
        return default if field is None else field.contents()

    def _check_settings(self, file: Path, architecture: str, sizes: Sizes) -> None:
        if int(self._value("split.count", 1)) > 1:
            raise KnownError(
                "{file}: expected a model in one file, found one piece of several. Join them with "
                "llama.cpp's llama-gguf-split --merge.",
                file=shown(file),
            )
        if architecture != "llama":
            refuse(file, phrase("a model of the kind {kind}", kind=architecture))
        heads = self._value("llama.attention.head_count")
        scaling = self._value("llama.rope.scaling.type", "none")
        check_facts(
            file,
            sizes,
            {
                "d_model": self._value("llama.embedding_length"),
                "d_ff": self._value("llama.feed_forward_length"),
                "layers": self._value("llama.block_count"),
                "heads": heads,
                "kv_heads": self._value("llama.attention.head_count_kv", heads),
                "n_ctx": self._value("llama.context_length"),
                "rms_eps": self._value("llama.attention.layer_norm_rms_epsilon"),
                "rope_base": self._value("llama.rope.freq_base", sizes.rope_base),
                "rope_scaling": None if scaling == "none" else scaling,
            },
        )

    def _check_types(self, file: Path) -> None:
        odd = sorted(
            {
                tensor.tensor_type.name
                for name, tensor in self._tensors.items()
                if name not in self.left_out
                and name not in ("token_embd.weight", "output.weight")
                and tensor.tensor_type not in READABLE
            }
        )
        if odd:
            raise KnownError(
                "{file}: expected a GGUF in F16, F32 or Q8_0, found {types}. What the checkpoint "
                "adds is smaller than what so few bits keep; use a larger file, and have Medley "
                "make the result smaller with --quantize.",
                file=shown(file),
                types=", ".join(odd),
            )

    def _vocabulary(self, file: Path, sizes: Sizes) -> Pieces:
        tokens = tuple(self._value("tokenizer.ggml.tokens", ()))
        scores = tuple(self._value("tokenizer.ggml.scores", ()))
        types = tuple(self._value("tokenizer.ggml.token_type", ()))
        kind = self._value("tokenizer.ggml.model")
        if kind != "llama" or not len(tokens) == len(scores) == len(types):
            refuse(file, phrase("a vocabulary of the kind {kind}", kind=kind))
        check_vocabulary(file, tokens, sizes)
        return Pieces(tokens, scores, types).first(sizes.n_vocab)


def _shape(tensor: Any) -> Shape:
    return tuple(int(size) for size in reversed(tensor.shape))


def _is_rotary(name: str) -> bool:
    return ".attn_q." in name or ".attn_k." in name


def _gguf_name(name: str) -> str:
    try:
        return tensor_name(name)
    except KnownError:
        return name  # Left over, and said to be so.


def _check_config(folder: Path, sizes: Sizes) -> None:
    file = folder / "config.json"
    try:
        if file.stat().st_size > _LARGEST:
            raise ValueError("it is too large")
        config: Any = json.loads(file.read_text("utf-8"))
        kind = config.get("model_type")
    except (OSError, ValueError, AttributeError) as error:
        raise KnownError(
            "{file}: expected the settings of a model, found a file that cannot be read "
            "({error}). Get it again.",
            file=shown(file),
            error=error,
        ) from error
    if kind != "llama":
        refuse(folder, phrase("a model of the kind {kind}", kind=kind))
    heads = config.get("num_attention_heads")
    rope = config.get("rope_parameters") or {}
    scaling = config.get("rope_scaling") or rope.get("rope_type", "default")
    check_facts(
        folder,
        sizes,
        {
            "d_model": config.get("hidden_size"),
            "d_ff": config.get("intermediate_size"),
            "layers": config.get("num_hidden_layers"),
            "heads": heads,
            "kv_heads": config.get("num_key_value_heads") or heads,
            "n_ctx": config.get("max_position_embeddings", sizes.n_ctx),
            "rms_eps": config.get("rms_norm_eps"),
            "rope_base": config.get("rope_theta") or rope.get("rope_theta") or sizes.rope_base,
            "rope_scaling": None if scaling == "default" else scaling,
        },
    )


def _folder_pieces(folder: Path, sizes: Sizes) -> Pieces:
    file = folder / "tokenizer.model"
    if not file.is_file():
        raise KnownError(
            "{folder}: expected LLaMA's tokenizer.model, found none. Copy it there; a "
            "tokenizer.json does not do.",
            folder=shown(folder),
        )
    if sizes.tokenizer_sha256:
        found = hashlib.sha256(file.read_bytes()).hexdigest()
        if found != sizes.tokenizer_sha256:
            refuse(
                folder,
                phrase(
                    "another tokenizer.model than LLaMA's (SHA-256 {found}..., expected "
                    "{wanted}...)",
                    found=found[:12],
                    wanted=sizes.tokenizer_sha256[:12],
                ),
            )
    pieces = read_pieces(file)
    check_vocabulary(folder, pieces.tokens, sizes)
    return pieces.first(sizes.n_vocab)


def layers_of(sizes: Sizes) -> Iterator[tuple[int, str, str]]:
    """Layer, name in a GGUF and name in the checkpoint of every matrix with an adapter."""
    names = {"attn_q": "q_proj", "attn_k": "k_proj", "attn_v": "v_proj", "attn_output": "o_proj"}
    for layer in range(sizes.layers):
        for own, adapted in names.items():
            yield layer, f"blk.{layer}.{own}.weight", adapted
