"""What a GGUF file is: a model that talks, what takes in pictures or sounds for one, or neither."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from plugins.errors import KnownError, phrase
from runtime.language_model.gguf_check import check_head
from runtime.language_model.gguf_head import GgufHead, read_head
from runtime.local_models.embedders import embedder
from runtime.local_models.found import FoundModel, NotAModelError, TalkerFacts
from runtime.local_models.titles import licence, title

NO_TEMPLATE = phrase(
    "It has no chat template, so it is most likely a base model that goes on with a text and does "
    "not answer; take the version whose name ends in Instruct or Chat."
)
_TEMPLATE: Final = "tokenizer.chat_template"
_THINKING: Final = ("<think", "enable_thinking", "<|channel|>", "[THINK]", "reasoning_effort")
_QUANTISATION: Final = {
    0: "F32", 1: "F16", 2: "Q4_0", 3: "Q4_1", 7: "Q8_0", 8: "Q5_0", 9: "Q5_1", 10: "Q2_K",
    11: "Q3_K_S", 12: "Q3_K_M", 13: "Q3_K_L", 14: "Q4_K_S", 15: "Q4_K_M", 16: "Q5_K_S",
    17: "Q5_K_M", 18: "Q6_K", 19: "IQ2_XXS", 20: "IQ2_XS", 21: "Q2_K_S", 22: "IQ3_XS",
    23: "IQ3_XXS", 24: "IQ1_S", 25: "IQ4_NL", 26: "IQ3_S", 27: "IQ3_M", 28: "IQ2_S", 29: "IQ2_M",
    30: "IQ4_XS", 31: "IQ1_M", 32: "BF16", 36: "TQ1_0", 37: "TQ2_0", 38: "MXFP4", 39: "NVFP4",
    40: "Q1_0",
}  # fmt: skip
"""Names by `general.file_type`."""
_GUESSED: Final = 1024
"""Added to a file type that nobody stated."""
_TYPES: Final = {
    0: "F32", 1: "F16", 2: "Q4_0", 3: "Q4_1", 6: "Q5_0", 7: "Q5_1", 8: "Q8_0", 10: "Q2_K",
    11: "Q3_K", 12: "Q4_K", 13: "Q5_K", 14: "Q6_K", 16: "IQ2_XXS", 17: "IQ2_XS", 18: "IQ3_XXS",
    19: "IQ1_S", 20: "IQ4_NL", 21: "IQ3_S", 22: "IQ2_S", 23: "IQ4_XS", 29: "IQ1_M", 30: "BF16",
    34: "TQ1_0", 35: "TQ2_0", 39: "MXFP4", 40: "NVFP4", 41: "Q1_0",
}  # fmt: skip
"""Names by ggml tensor type."""
_HYBRID: Final = frozenset(
    """
    arwkv7 bailingmoe3 deepseek4 falcon-h1 glm5-next granitehybrid jamba kimi-k3 kimi-linear lfm2
    lfm2moe mamba mamba2 minimax-01 nemotron_h nemotron_h_moe plamo2 qwen3next qwen35 qwen35moe
    qwen4exp rwkv6 rwkv6qwen2 rwkv7
    """.split()
)
"""Architectures of llama.cpp whose layers, some or all, keep a state."""


def gguf_file(path: Path) -> FoundModel:
    """The model of one GGUF file.

    Raises:
        NotAModelError: it is broken, or no model that Medley can use.
    """
    try:
        head = read_head(path)
        if is_embedder(head):
            return embedder(path, head)
        refuse_others(path, head)
        check_head(path, head)
    except NotAModelError:
        raise
    except KnownError as error:
        raise NotAModelError(error.problem) from error
    return talker((path,), head)


def is_embedder(head: GgufHead) -> bool:
    """True for an mmproj file."""
    kind, architecture = head.text("general.type"), head.text("general.architecture")
    return kind == "mmproj" or architecture == "clip"


def refuse_others(path: Path, head: GgufHead) -> None:
    """Refuse what is a sound GGUF and yet no model that talks.

    Raises:
        NotAModelError: it is an adapter or a model for another purpose.
    """
    if head.text("general.type") == "adapter" or "adapter.type" in head.metadata:
        raise NotAModelError(
            "{path}: expected a whole model, found an adapter (LoRA), which only changes one. "
            "Choose the model itself, or a version into which the adapter was merged.",
            path=path,
        )


def talker(files: tuple[Path, ...], head: GgufHead) -> FoundModel:
    """A model that talks.

    Args:
        files: all of it, the one with the head first.
        head: of a file that `check_head` found sound.
    """
    facts = _facts(head)
    return FoundModel(
        kind="gguf",
        path=files[0],
        files=files,
        title=title(files[0], head),
        bytes=sum(file.stat().st_size for file in files),
        purpose="talk",
        licence=licence(head),
        facts=facts,
        warnings=() if facts.has_chat_template else (NO_TEMPLATE,),
    )


def _facts(head: GgufHead) -> TalkerFacts:
    name = head.text("general.architecture")
    d_model = head.number(f"{name}.embedding_length")
    template = head.text(_TEMPLATE)
    return TalkerFacts(
        architecture=name,
        d_model=d_model,
        n_embd_inp=d_model * (1 + _deepstack(head, name)),
        n_layers=head.number(f"{name}.block_count"),
        n_ctx_train=head.number(f"{name}.context_length"),
        n_vocab=head.metadata["tokenizer.ggml.tokens"][1],
        quantisation=_quantisation(head),
        parameters=sum(tensor.values for tensor in head.tensors.values()),
        has_chat_template=bool(template.strip()),
        is_hybrid=_is_hybrid(head, name),
        sliding_window=head.number(f"{name}.attention.sliding_window"),
        is_thinking=any(mark in template for mark in _THINKING),
    )


def _deepstack(head: GgufHead, architecture: str) -> int:
    """How many layers beside the first take a picture in."""
    mapping = head.lists.get(f"{architecture}.deepstack_mapping", ())
    counted = len({layer for layer in mapping if layer >= 0})
    return head.number(f"{architecture}.n_deepstack_layers") or counted


def _is_hybrid(head: GgufHead, architecture: str) -> bool:
    return architecture in _HYBRID or f"{architecture}.ssm.state_size" in head.metadata


def _quantisation(head: GgufHead) -> str:
    stated = head.metadata.get("general.file_type")
    if isinstance(stated, int) and stated % _GUESSED in _QUANTISATION:
        return _QUANTISATION[stated % _GUESSED]
    sizes = head.bytes_by_type
    return _TYPES.get(max(sizes, key=lambda kind: sizes[kind]), "")
