"""ImageBind's `imagebind_huge.pth` as the encoder of a bundle: pictures, sounds and captions in
float16; what sees depth and heat and feels motion is left out, and listed.

Knows ImageBind's names; opens the file strictly.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import torch
from tokenizers import (
    Regex,
    Tokenizer,
    decoders,
    models,
    normalizers,
    pre_tokenizers,
    processors,
)
from torch import Tensor

from plugins.errors import KnownError
from runtime.checkpoints import check_names_and_shapes
from runtime.encoder.config import EncoderConfig
from runtime.encoder.model import ImageBindEncoder
from runtime.media import shown
from training.importing.safetensors_writer import write_tensors
from training.importing.tensors import Shape, TensorFiles

LEFT_OUT = re.compile(
    r"modality_(preprocessors|trunks|heads|postprocessors)\.(depth|thermal|imu)\."
)
"""What begins the names of the towers that NExT-GPT does not use."""
_START, _END = "<|startoftext|>", "<|endoftext|>"
_WORDS = r"'s|'t|'re|'ve|'m|'ll|'d|[\p{L}]+|[\p{N}]|[^\s\p{L}\p{N}]+"
_LARGEST = 64 << 20


@dataclass(frozen=True)
class Encoder:
    """ImageBind's file, all of whose tensors are accounted for."""

    tensors: TensorFiles
    shapes: Mapping[str, Shape]
    """Of what is taken."""
    left_out: tuple[str, ...]
    """Names of what is not."""


def open_encoder(file: Path, config: EncoderConfig) -> Encoder:
    """The towers in ImageBind's checkpoint.

    Raises:
        KnownError: it is not there, cannot be read, or is not exactly ImageBind.
    """
    if not file.is_file():
        raise KnownError(
            "{file}: expected imagebind_huge.pth, found no file. Give the path of what was "
            "downloaded.",
            file=shown(file),
        )
    tensors = TensorFiles([file])
    left = tuple(name for name in tensors.shapes if LEFT_OUT.match(name))
    found = {name: shape for name, shape in tensors.shapes.items() if name not in left}
    with torch.device("meta"):
        module = ImageBindEncoder(config)
    wanted = {name: tuple(tensor.shape) for name, tensor in module.state_dict().items()}
    check_names_and_shapes(wanted, found, what="encoder", file=file.name)
    return Encoder(tensors, wanted, left)


def written_bytes(encoder: Encoder) -> int:
    """Bytes of the file that is written, but for its head."""
    return sum(2 * math.prod(shape) for shape in encoder.shapes.values())


def write_encoder(target: Path, encoder: Encoder, tell: Callable[[int], None]) -> None:
    """Write the towers to `target`, completely or not at all.

    Raises:
        KnownError: a number is too large for float16, or none.
    """
    planned = {name: (torch.float16, shape) for name, shape in encoder.shapes.items()}

    def half(name: str) -> Tensor:
        found = encoder.tensors.get(name)
        tensor = found.half()
        # The causal mask consists of zeros and negative infinity.
        if not torch.isfinite(tensor[torch.isfinite(found)]).all() or torch.isnan(found).any():
            raise KnownError(
                "encoder: expected numbers that float16 can hold in {name}, found others. Get the "
                "file again.",
                "bundle",
                name=name,
            )
        return tensor

    write_tensors(target, planned, half, tell)


def clip_tokenizer(folder: Path, config: EncoderConfig) -> Tokenizer:
    """The tokenizer of the captions' tower: that of CLIP, which Stable Diffusion has in its folder
    `tokenizer` and ImageBind's own file lacks.

    Raises:
        KnownError: it is not there, or has more tokens than the tower.
    """
    try:
        if (folder / "vocab.json").stat().st_size > _LARGEST:
            raise ValueError("it is too large")
        vocabulary = json.loads((folder / "vocab.json").read_text("utf-8"))
        lines = (folder / "merges.txt").read_text("utf-8").splitlines()
        rules = [line for line in lines if line and not line.startswith("#version")]
        merges = [(first, second) for first, second in map(str.split, rules)]
        made = Tokenizer(models.BPE(vocabulary, merges, unk_token=_END, end_of_word_suffix="</w>"))
        start, end = vocabulary[_START], vocabulary[_END]
    except Exception as error:  # The library raises nothing narrower.
        raise KnownError(
            "{folder}: expected CLIP's vocab.json and merges.txt, found none that can be read "
            "({error}). Get the model again.",
            folder=shown(folder),
            error=f"{type(error).__name__}: {error}",
        ) from error
    most = 0 if config.text is None else config.text.vocab
    if len(vocabulary) > most:
        raise KnownError(
            "{folder}: expected at most {most} tokens, as ImageBind has, found {found}. Use "
            "Stable Diffusion 1.5.",
            folder=shown(folder),
            most=most,
            found=len(vocabulary),
        )
    made.normalizer = normalizers.Sequence(
        [normalizers.NFC(), normalizers.Replace(Regex(r"\s+"), " "), normalizers.Lowercase()]
    )
    made.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex(_WORDS), "removed", invert=True),
            pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
        ]
    )
    made.decoder = decoders.ByteLevel()
    made.post_processor = processors.TemplateProcessing(
        single=f"{_START} $A {_END}", special_tokens=[(_START, start), (_END, end)]
    )
    made.add_special_tokens([_START, _END])
    return made
