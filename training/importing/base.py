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
import numpy as np
import torch
from numpy.typing import NDArray

from plugins.errors import KnownError, Problem, listed, phrase
from runtime.language_model.gguf_check import check_gguf
from runtime.media import shown
from training.gguf.export import rotary_order, tensor_name
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
_LLAMA_2 = phrase("Vicuna v1.5 or another child of Llama-2")
_INV_FREQ = "self_attn.rotary_emb.inv_freq"
_SHOWN = 8
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


def matrices(sizes: Sizes) -> dict[str, Shape]:
    """Names in a GGUF and shapes of all tensors of the language model; its tables as LLaMA has
    them."""
    width, hidden = sizes.d_model, sizes.d_ff
    shapes: dict[str, Shape] = {"token_embd.weight": (sizes.n_vocab, width)}
    for layer in range(sizes.layers):
        block = f"blk.{layer}."
        shapes[f"{block}attn_norm.weight"] = (width,)
        for part in ("attn_q", "attn_k", "attn_v", "attn_output"):
            shapes[f"{block}{part}.weight"] = (width, width)
        shapes[f"{block}ffn_norm.weight"] = (width,)
        shapes[f"{block}ffn_gate.weight"] = shapes[f"{block}ffn_up.weight"] = (hidden, width)
        shapes[f"{block}ffn_down.weight"] = (width, hidden)
    return {
        **shapes,
        "output_norm.weight": (width,),
        "output.weight": (sizes.n_vocab, width),
    }


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
        self.files = (*self._tensors.files, folder / "config.json", folder / "tokenizer.model")
        self.left_out = tuple(n for n in self._tensors.shapes if n.endswith(_INV_FREQ))
        for name in self.left_out[:1]:
            self._check_rotary(folder, name, sizes)
        found: dict[str, Shape] = {}
        self._names: dict[str, str] = {}
        for name, shape in self._tensors.shapes.items():
            if name not in self.left_out:
                own = _gguf_name(name)
                found[own], self._names[own] = shape, name
        _check_tensors(folder, found, sizes)

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
            _refuse(folder, phrase("rotary positions of another base in {name}", name=name))


class GgufBase:
    """A GGUF file."""

    def __init__(self, file: Path, sizes: Sizes) -> None:
        """
        Raises:
            KnownError: see `open_base`.
        """
        facts = check_gguf(file)
        self.files, self.left_out = (file,), ()
        self._reader = gguf.GGUFReader(file)
        self._check_settings(file, facts.architecture, sizes)
        found = {t.name: _shape(t) for t in self._reader.tensors}
        self.left_out = tuple(name for name in found if name == "rope_freqs.weight")
        _check_tensors(file, {n: s for n, s in found.items() if n not in self.left_out}, sizes)
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
            _refuse(file, phrase("a model of the kind {kind}", kind=architecture))
        heads = self._value("llama.attention.head_count")
        scaling = self._value("llama.rope.scaling.type", "none")
        _check_facts(
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
            _refuse(file, phrase("a vocabulary of the kind {kind}", kind=kind))
        _check_vocabulary(file, tokens, sizes)
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
        _refuse(folder, phrase("a model of the kind {kind}", kind=kind))
    heads = config.get("num_attention_heads")
    rope = config.get("rope_parameters") or {}
    scaling = config.get("rope_scaling") or rope.get("rope_type", "default")
    _check_facts(
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


def _check_facts(where: Path, sizes: Sizes, found: dict[str, Any]) -> None:
    """Refuse another model by what it states of itself; of the same shapes, Llama-2 by name."""
    wanted = {
        "d_model": sizes.d_model, "d_ff": sizes.d_ff, "layers": sizes.layers,
        "heads": sizes.heads, "kv_heads": sizes.heads, "n_ctx": sizes.n_ctx,
        "rms_eps": sizes.rms_eps, "rope_base": sizes.rope_base, "rope_scaling": None,
    }  # fmt: skip
    wrong = [name for name in wanted if not _same(found[name], wanted[name])]
    if not wrong:
        return
    facts = listed(
        [
            phrase("{name} {found} (expected {wanted})", name=name, found=found[name], wanted=wanted[name])
            for name in wrong
        ],
        _SHOWN,
    )
    if set(wrong) <= {"n_ctx", "rms_eps", "rope_scaling"}:
        _refuse(where, phrase("{name}: {facts}", name=_LLAMA_2, facts=facts))
    _refuse(where, phrase("another model: {facts}", facts=facts))


def _same(found: Any, wanted: Any) -> bool:
    if isinstance(wanted, float) and isinstance(found, int | float):
        return abs(found - wanted) <= 1e-3 * abs(wanted)
    return bool(found == wanted)


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
            _refuse(
                folder,
                phrase(
                    "another tokenizer.model than LLaMA's (SHA-256 {found}..., expected "
                    "{wanted}...)",
                    found=found[:12],
                    wanted=sizes.tokenizer_sha256[:12],
                ),
            )
    pieces = read_pieces(file)
    _check_vocabulary(folder, pieces.tokens, sizes)
    return pieces.first(sizes.n_vocab)


def _check_vocabulary(where: Path, tokens: tuple[str, ...], sizes: Sizes) -> None:
    """LLaMA's own pieces; a [PAD] behind them is left out, as every row is NExT-GPT's."""
    more = tokens[sizes.n_vocab :]
    if len(tokens) < sizes.n_vocab or more not in ((), ("[PAD]",)):
        _refuse(
            where,
            phrase(
                "a vocabulary of {count} tokens ({more})",
                count=len(tokens),
                more=", ".join(more[:3]) or "-",
            ),
        )
    wrong = [i for i, piece in sizes.pieces.items() if tokens[i] != piece]
    if wrong or tokens[:3] != ("<unk>", "<s>", "</s>"):
        _refuse(where, phrase("another vocabulary than LLaMA's"))


def _check_tensors(where: Path, found: dict[str, Shape], sizes: Sizes) -> None:
    wanted, problems = matrices(sizes), list[Problem]()
    rows = (sizes.n_vocab, sizes.n_vocab + 1)
    for name, shape in wanted.items():
        if name not in found:
            problems.append(phrase("missing {name} {shape}", name=name, shape=list(shape)))
            continue
        same = found[name] == shape
        if name in ("token_embd.weight", "output.weight"):
            same = found[name] in [(count, sizes.d_model) for count in rows]
        if not same:
            problems.append(
                phrase(
                    "{name} of shape {found} in place of {wanted}",
                    name=name,
                    found=list(found[name]),
                    wanted=list(shape),
                )
            )
    problems += [phrase("left over {name}", name=name) for name in found if name not in wanted]
    if problems:
        raise KnownError(
            "{where}: expected exactly the {count} tensors of Vicuna-7B-v0, found {problems}. Use "
            "another.",
            "bundle",
            where=shown(where),
            count=len(wanted),
            problems=listed(problems, _SHOWN),
        )


def _refuse(where: Path, found: Problem) -> None:
    raise KnownError(
        "{where}: expected Vicuna-7B-v0, on which NExT-GPT was trained, found {found}. With "
        "another model the checkpoint says nonsense; use that one.",
        "bundle",
        where=shown(where),
        found=found,
    )


def layers_of(sizes: Sizes) -> Iterator[tuple[int, str, str]]:
    """Layer, name in a GGUF and name in the checkpoint of every matrix with an adapter."""
    names = {"attn_q": "q_proj", "attn_k": "k_proj", "attn_v": "v_proj", "attn_output": "o_proj"}
    for layer in range(sizes.layers):
        for own, adapted in names.items():
            yield layer, f"blk.{layer}.{own}.weight", adapted
