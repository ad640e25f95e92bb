"""The checkpoint of NExT-GPT: `pytorch_model.pt`, with exactly the tensors that were trained.

Knows its names and shapes, and the tokens that it was trained with. Opens it strictly: what is
missing, left over or of another shape is named, because the reference's own loader passes it over
and then draws nothing.

Legend: V tokens with the added ones, D model width, r rank of the adapters, E encoder width.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import torch
from torch import Tensor

from plugins.errors import KnownError, Problem, listed, phrase
from runtime.media import shown
from runtime.projection.output import OutputProjection
from training.importing.sizes import MARKS, MARKS_AS_SETS, MODALITIES, Sizes
from training.importing.tensors import Shape, TensorFiles

Marks = Literal["token", "text"]
FILE, TOKENS_FILE = "pytorch_model.pt", "added_tokens.json"
BASE = "llama_model.base_model.model."
EMBEDDINGS, HEAD = f"{BASE}model.embed_tokens.weight", f"{BASE}lm_head.weight"
ADAPTED = ("q_proj", "k_proj", "v_proj", "o_proj")
PROJECTIONS = {
    "image": "gen_text_hidden_fcs.0.",
    "video": "gen_text_hidden_fcs_video.0.",
    "audio": "gen_text_hidden_fcs_audio.0.",
}
"""What the names of each output projection begin with."""
_NAMES_OF_1_5 = {"in_fc.": "fc.", "out_fc.": "model."}
"""The output projections of NExT-GPT 1.5 are the same networks under other names."""
_SHOWN = 8
_LARGEST = 1 << 20


@dataclass(frozen=True)
class Delta:
    """A checkpoint whose tensors are all accounted for."""

    file: Path
    tensors: TensorFiles
    names: Mapping[str, str]
    """The name in the file, by the published name."""
    marks: Marks | None
    """How `<Img>` was cut in training, where the tokens beside it tell; None where nothing does."""

    def get(self, name: str) -> Tensor:
        """A tensor by its published name."""
        return self.tensors.get(self.names[name])

    def adapters(self, layer: int, projection: str) -> tuple[Tensor, Tensor]:
        """A [r, D] and B [D, r] of one of `ADAPTED` in a layer."""
        return self.get(adapter(layer, projection, "A")), self.get(adapter(layer, projection, "B"))


def adapter(layer: int, projection: str, side: str) -> str:
    """The published name of one side, A or B, of an adapter."""
    where = f"model.layers.{layer}.self_attn.{projection}"
    return f"{BASE}{where}.lora_{side}.default.weight"


def output_names(sizes: Sizes, modality: str) -> dict[str, Shape]:
    """Names in a bundle and shapes of a modality's output projection."""
    condition = sizes.conditions[modality]
    with torch.device("meta"):
        module = OutputProjection(
            sizes.d_model,
            condition[-1],
            condition[0] if len(condition) == 2 else 1,
            d_hidden=sizes.d_hidden,
            n_heads=sizes.projection_heads,
            n_layers=sizes.projection_layers,
            d_feedforward=sizes.d_feedforward,
        )
    return {name: tuple(tensor.shape) for name, tensor in module.state_dict().items()}


def expected(sizes: Sizes) -> dict[str, Shape]:
    """Published names and shapes of all tensors; 647 of them at full size."""
    width, rank = sizes.d_model, sizes.lora_rank
    shapes: dict[str, Shape] = {}
    for layer in range(sizes.layers):
        for projection in ADAPTED:
            shapes[adapter(layer, projection, "A")] = (rank, width)
            shapes[adapter(layer, projection, "B")] = (width, rank)
    shapes[EMBEDDINGS] = shapes[HEAD] = (sizes.whole_vocab, width)
    shapes["llama_proj.weight"] = (width, sizes.encoder.embed_dim)
    shapes["llama_proj.bias"] = (width,)
    for modality in MODALITIES:
        prefix = PROJECTIONS[modality]
        shapes |= {f"{prefix}{name}": s for name, s in output_names(sizes, modality).items()}
    return shapes


def open_delta(path: Path, sizes: Sizes) -> Delta:
    """The checkpoint in a file or in a folder, whose tokens lie beside it.

    Raises:
        KnownError: it is not there, cannot be read, or is not exactly the published one.
    """
    file = path / FILE if path.is_dir() else path
    if not file.is_file():
        raise KnownError(
            "{path}: expected NExT-GPT's checkpoint, or the folder with {file}, found none. Give "
            "the path of what was downloaded.",
            path=shown(path),
            file=FILE,
        )
    tensors = TensorFiles([file])
    names = {_published(name): name for name in tensors.shapes}
    _check(file, {name: tensors.shapes[own] for name, own in names.items()}, sizes)
    return Delta(file, tensors, names, read_marks(file.parent, sizes))


def read_marks(folder: Path, sizes: Sizes) -> Marks | None:
    """How `<Img>` was cut in training, by the names in `added_tokens.json`; None without the file.

    Raises:
        KnownError: its tokens are not those of the checkpoint.
    """
    file = folder / TOKENS_FILE
    if not file.is_file():
        return None
    try:
        if file.stat().st_size > _LARGEST:
            raise ValueError("it is too large")
        found: Any = json.loads(file.read_text("utf-8"))
        ids = {str(name): int(token) for name, token in found.items()}
    except (OSError, ValueError, AttributeError, TypeError) as error:
        raise KnownError(
            "{file}: expected the tokens that NExT-GPT adds, by name, found a file that cannot be "
            "read ({error}). Get it again.",
            file=shown(file),
            error=error,
        ) from error
    numbers = range(sizes.n_vocab, sizes.whole_vocab)
    signals = sizes.tokens[len(MARKS) :]
    for names, marks in ((MARKS, "token"), (MARKS_AS_SETS, "text")):
        if ids == dict(zip((*names, *signals), numbers, strict=True)):
            return "token" if marks == "token" else "text"
    wanted = dict(zip(sizes.tokens, numbers, strict=True))
    odd = [name for name in ids if name not in (*sizes.tokens, *MARKS_AS_SETS)]
    moved = [name for name, token in ids.items() if name in wanted and wanted[name] != token]
    missing = [name for name in signals if name not in ids]
    what = [
        phrase("{names} besides", names=", ".join(odd[:_SHOWN])) if odd else None,
        phrase("other numbers for {names}", names=", ".join(moved[:_SHOWN])) if moved else None,
        phrase("no {names}", names=", ".join(missing[:_SHOWN])) if missing else None,
    ]
    raise KnownError(
        "{file}: expected {count} tokens with the numbers from {first} on, found {what}. A token "
        "such as [PAD] that was there before shifts all others; use the checkpoint as it was "
        "published.",
        file=shown(file),
        count=len(sizes.tokens),
        first=sizes.n_vocab,
        what=listed([one for one in what if one] or [phrase("other names of its marks")], 3),
    )


def _published(name: str) -> str:
    """The published name of a tensor, which 1.5 may call otherwise."""
    for prefix in PROJECTIONS.values():
        if name.startswith(prefix):
            rest = name.removeprefix(prefix)
            for own, published in _NAMES_OF_1_5.items():
                if rest.startswith(own):
                    return f"{prefix}{published}{rest.removeprefix(own)}"
    return name


def _check(file: Path, found: Mapping[str, Shape], sizes: Sizes) -> None:
    wanted = expected(sizes)
    _check_rows(file, found, sizes)
    problems: list[Problem] = [
        phrase("missing {name} {shape}", name=name, shape=list(shape))
        for name, shape in wanted.items()
        if name not in found
    ]
    problems += [
        phrase("left over {name} {shape}", name=name, shape=list(shape))
        for name, shape in found.items()
        if name not in wanted
    ]
    problems += [
        _wrong_shape(name, shape, found[name])
        for name, shape in wanted.items()
        if name in found and found[name] != shape
    ]
    if problems:
        raise KnownError(
            "{file}: expected exactly the {count} tensors of NExT-GPT's checkpoint, found "
            "{problems}. Use the file as it was published.",
            "bundle",
            file=shown(file),
            count=len(wanted),
            problems=listed(problems, _SHOWN),
        )


def _wrong_shape(name: str, wanted: Shape, found: Shape) -> Problem:
    if len(wanted) > 1 and found == wanted[::-1]:
        return phrase(
            "{name} transposed: {found} in place of {wanted}",
            name=name,
            found=list(found),
            wanted=list(wanted),
        )
    return phrase(
        "{name} of shape {found} in place of {wanted}",
        name=name,
        found=list(found),
        wanted=list(wanted),
    )


def _check_rows(file: Path, found: Mapping[str, Shape], sizes: Sizes) -> None:
    """Its own sentence for the commonest mistake: one row more."""
    shape = found.get(EMBEDDINGS, ())
    if len(shape) == 2 and shape[0] != sizes.whole_vocab and shape[1] == sizes.d_model:
        raise KnownError(
            "{file}: expected embeddings of {wanted} tokens ({n_vocab} of LLaMA and {added} of "
            "NExT-GPT), found {found}. {why} Use the file as it was published.",
            "bundle",
            file=shown(file),
            wanted=sizes.whole_vocab,
            n_vocab=sizes.n_vocab,
            added=len(sizes.tokens),
            found=shape[0],
            why=phrase(
                "With one more, a tokenizer with [PAD] was trained, which shifts the number of "
                "every signal token."
            )
            if shape[0] == sizes.whole_vocab + 1
            else phrase("Then the numbers of the signal tokens are others."),
        )
