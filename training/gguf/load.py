"""The language model that the user names: a GGUF file, a Hugging Face folder, or a bundle's own.

Finds its weights for training, the GGUF that the bundle's will be made from, and the template of
its conversations. Knows transformers and GGUF; knows no signals and no training.

Legend: V vocabulary, D model width.
"""

from __future__ import annotations

import io
import json
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import gguf
import numpy as np
import torch
import transformers
from numpy.typing import NDArray
from transformers import (
    AutoModelForCausalLM,
    LlamaForCausalLM,
    PreTrainedModel,
    PreTrainedTokenizerFast,
)

from plugins.errors import KnownError
from runtime.bundle.bundle import Bundle, find_bundle
from runtime.bundle.manifest import TemplateSpec
from runtime.composition.chat_template import template_from_chat
from runtime.language_model.gguf_check import check_gguf
from runtime.language_model.model import LanguageModel
from runtime.media import shown
from training.gguf.export import SpecialTokens, export_gguf, rotary_order
from training.gguf.patch import Vocabulary, architecture

ARCHITECTURES = ("llama", "qwen2", "qwen3")
"""Kinds of GGUF whose weights can be taken out, trained, and put back."""
ROTARY_IN_PAIRS = ("llama",)
"""Architectures for which llama.cpp stores queries and keys in another order than transformers."""
_LOADING_ERRORS = (
    AttributeError, ImportError, KeyError, NotImplementedError, OSError, RuntimeError, TypeError,
    ValueError,
)  # fmt: skip
"""Exceptions that transformers raises for an invalid model."""


@dataclass(frozen=True)
class LanguagePart:
    """A language model that can be trained."""

    source: Path
    """The GGUF file, or the Hugging Face folder."""
    bundle: Bundle | None = None
    """The bundle that it comes from, if it comes from one."""

    @property
    def in_gguf(self) -> bool:
        """True if `source` is the GGUF."""
        return self.source.is_file()

    def load(self) -> PreTrainedModel:
        """The model in float32 on the processor, quantized weights taken apart.

        Raises:
            KnownError: it cannot be read.
        """
        where = self.source.parent if self.in_gguf else self.source
        # Nothing is unpickled, and no code from the folder runs.
        options: dict[str, Any] = {"use_safetensors": True}
        if self.in_gguf:
            options = {"gguf_file": self.source.name}
        try:
            with _quietly():
                model: PreTrainedModel = AutoModelForCausalLM.from_pretrained(
                    str(where),
                    local_files_only=True,
                    trust_remote_code=False,
                    dtype=torch.float32,
                    **options,
                )
        except _LOADING_ERRORS as error:
            raise _unreadable(self.source, error) from error
        return model.eval()

    def base(self, folder: Path) -> Path:
        """The GGUF that holds this model as it is; of a Hugging Face folder it is made in `folder`.

        Raises:
            KnownError: the model cannot be written as a GGUF.
        """
        if self.in_gguf:
            return self.source
        target = folder / "base.gguf"
        if not target.is_file():
            _export(self.load(), self.source, target)
        return target


def find_language_model(named: str) -> LanguagePart:
    """The language model of a GGUF file, a Hugging Face folder, or a bundle.

    Raises:
        KnownError: it is none of these, or of a kind that cannot be trained here.
    """
    path = Path(named).expanduser()
    if path.is_file():
        _check_architecture(path)
        return LanguagePart(path.resolve())
    if (path / "config.json").is_file():
        return LanguagePart(path.resolve())
    try:
        bundle = Bundle.open(find_bundle(named), verify="size")
    except KnownError as error:
        raise KnownError(
            f"language model {shown(named)}: expected a .gguf file, a Hugging Face folder with "
            f"config.json, or a bundle, found none of these ({error})"
        ) from error
    file = bundle.path(bundle.manifest.language_model.file)
    _check_architecture(file)
    return LanguagePart(file.resolve(), bundle)


def conversation_template(
    part: LanguagePart, base: Path, vocabulary: Vocabulary, wished: str | None
) -> TemplateSpec:
    """The wished bundle's template, else that of the bundle the model is from, else the model's.

    Raises:
        KnownError: there is none, or it cannot be used.
    """
    if wished is not None:
        return Bundle.open(find_bundle(wished), verify="size").manifest.template
    if part.bundle is not None:
        return part.bundle.manifest.template
    own = vocabulary.chat_template if part.in_gguf else _tokenizer(part.source).chat_template
    if not own or not isinstance(own, str):
        raise KnownError(
            f"language model {shown(part.source)}: expected a chat model with a chat template, "
            "found none; name a bundle with --template whose template fits the model."
        )
    with LanguageModel(base, n_ctx=32, n_threads=1) as model:
        ends = {vocabulary.tokens[i] for i in model.end_tokens}
    try:
        return template_from_chat(own, bos=vocabulary.bos, eos=vocabulary.eos, ends=ends)
    except KnownError as error:
        raise KnownError(
            f"{error} Name a bundle with --template whose template fits the model."
        ) from error


def gguf_tensors(
    model: PreTrainedModel, kind: str, names: Iterator[str] | list[str]
) -> dict[str, NDArray[np.float16]]:
    """These parameters of a plain model as a GGUF of architecture `kind` has them, in float16.

    Raises:
        KnownError: the architecture has no such parameter, or a number is too large.
    """
    wanted = next(arch for arch, name in gguf.MODEL_ARCH_NAMES.items() if name == kind)
    config: Any = model.config
    translate = gguf.get_tensor_name_map(wanted, config.num_hidden_layers)
    state = model.state_dict()
    found = {}
    for name in names:
        target = translate.get_name(name, (".weight", ".bias"))
        if target is None:
            raise KnownError(f"language model: a {kind} file has no place for {name}.")
        array = state[name].detach().to("cpu").float().numpy()
        if kind in ROTARY_IN_PAIRS and ("q_proj" in name or "k_proj" in name):
            queries = "q_proj" in name
            heads = config.num_attention_heads if queries else config.num_key_value_heads
            array = rotary_order(array, heads)
        found[target] = _half(array, name)
    return found


def _half(array: NDArray[Any], name: str) -> NDArray[np.float16]:
    limit = float(np.finfo(np.float16).max)
    if not (np.abs(array) <= limit).all():
        raise KnownError(
            f"language model: expected numbers of at most {limit:g} in {name} after training, "
            f"found {np.abs(array).max():g}; train again with fewer steps."
        )
    return array.astype(np.float16)


def _export(model: PreTrainedModel, folder: Path, target: Path) -> None:
    if not isinstance(model, LlamaForCausalLM):
        raise KnownError(
            f"language model {shown(folder)}: expected a Llama, found {type(model).__name__}; make "
            "a .gguf of it with llama.cpp's convert_hf_to_gguf.py and give that."
        )
    tokenizer = _tokenizer(folder)
    config: Any = model.config
    ends = config.eos_token_id if isinstance(config.eos_token_id, list) else [config.eos_token_id]
    ids = [config.bos_token_id, *ends][:3]
    named = [tokenizer.convert_ids_to_tokens(i) if i is not None else None for i in ids]
    texts = [text for text in named if text is not None]
    if len(texts) < len(ids):
        raise KnownError(
            f"language model {shown(folder)}: expected bos_token_id and eos_token_id in its "
            f"config.json to be tokens, found {config.bos_token_id} and {config.eos_token_id}; "
            "correct config.json."
        )
    special = SpecialTokens(*texts)
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        export_gguf(model, tokenizer, target, name=folder.name, special=special)
    except KnownError as error:
        raise KnownError(
            f"language model {shown(folder)}: {error}; or make a .gguf of it with llama.cpp's "
            "convert_hf_to_gguf.py and give that."
        ) from error


def _tokenizer(folder: Path) -> PreTrainedTokenizerFast:
    if not (folder / "tokenizer.json").is_file():
        raise KnownError(
            f"language model {shown(folder)}: expected its tokenizer.json, found none; copy it "
            "there, or give a .gguf file."
        )
    try:
        with _quietly():
            return PreTrainedTokenizerFast.from_pretrained(str(folder), local_files_only=True)
    except (*_LOADING_ERRORS, json.JSONDecodeError) as error:
        raise _unreadable(folder / "tokenizer.json", error) from error


def _check_architecture(path: Path) -> None:
    check_gguf(path)
    found = architecture(path)
    if found not in ARCHITECTURES:
        raise KnownError(
            f"language model {shown(path)}: expected a GGUF of {', '.join(ARCHITECTURES)}, found "
            f"{found}; choose another model."
        )


@contextmanager
def _quietly() -> Iterator[None]:
    """Silence transformers' progress bars and advice."""
    bars = transformers.utils.logging.is_progress_bar_enabled()
    level = transformers.utils.logging.get_verbosity()
    transformers.utils.logging.disable_progress_bar()
    transformers.utils.logging.set_verbosity_error()
    try:
        with warnings.catch_warnings(), redirect_stderr(io.StringIO()):
            warnings.simplefilter("ignore")
            yield
    finally:
        transformers.utils.logging.set_verbosity(level)
        if bars:
            transformers.utils.logging.enable_progress_bar()


def _unreadable(path: Path, error: Exception) -> KnownError:
    said = " ".join(str(error).split())[:300]
    return KnownError(
        f"language model {shown(path)}: expected one that transformers can read, found "
        f"{type(error).__name__}: {said}; use another file, or a .gguf."
    )
