"""What a GGUF file is: a model that talks, what takes in pictures or sounds for one, or neither."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from plugins.errors import phrase
from runtime.language_model.gguf_check import check_head
from runtime.language_model.gguf_head import TOKENS, GgufHead, read_head
from runtime.language_model.gguf_pieces import piece_files, whole
from runtime.local_models.embedders import embedder, is_embedder
from runtime.local_models.found import FoundModel, TalkerFacts
from runtime.local_models.heads import reading, refuse_stand_ins
from runtime.local_models.other_ggufs import refuse_others
from runtime.local_models.quantisations import quantisation
from runtime.local_models.titles import licence, title

NO_TEMPLATE = phrase(
    "It has no chat template, so it is most likely a base model, which goes on with a text and "
    "does not answer; take the version whose name ends in Instruct or Chat."
)
_TEMPLATE: Final = "tokenizer.chat_template"
_THINKING: Final = ("<think", "enable_thinking", "<|channel|>", "[THINK]", "reasoning_effort")
"""What the templates of models that can think aloud hold."""
_HYBRID: Final = frozenset(
    """
    arwkv7 bailingmoe3 deepseek4 falcon-h1 glm5-next granitehybrid jamba kimi-k3 kimi-linear lfm2
    lfm2moe mamba mamba2 minimax-01 nemotron_h nemotron_h_moe plamo2 qwen3next qwen35 qwen35moe
    qwen4exp rwkv6 rwkv6qwen2 rwkv7
    """.split()
)
"""Architectures of llama.cpp whose layers, some or all, keep a state."""


def gguf_file(path: Path) -> FoundModel:
    """The model of one GGUF file, or of all the pieces to which it belongs.

    Raises:
        NotAModelError: it is broken, a piece is missing, or it is no model that Medley can use.
    """
    with reading(path):
        files = piece_files(path)
        first = files[0] if files[0].is_file() else path
        refuse_stand_ins(first)
        head = read_head(first)
        if is_embedder(head):
            return embedder(first, head)
        head = whole(first, head)
        refuse_others(first, head)
        check_head(first, head)
        return _talker(files if head.number("split.count") > 1 else (first,), head)


def _talker(files: tuple[Path, ...], head: GgufHead) -> FoundModel:
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
        n_vocab=head.metadata[TOKENS][1],
        quantisation=quantisation(head),
        parameters=sum(tensor.values for tensor in head.tensors.values()),
        has_chat_template=bool(template.strip()),
        is_hybrid=name in _HYBRID or f"{name}.ssm.state_size" in head.metadata,
        sliding_window=head.number(f"{name}.attention.sliding_window"),
        is_thinking=any(mark in template for mark in _THINKING),
    )


def _deepstack(head: GgufHead, architecture: str) -> int:
    """How many layers beside the first take a picture in."""
    mapping = head.lists.get(f"{architecture}.deepstack_mapping", ())
    counted = len({layer for layer in mapping if layer >= 0})
    return head.number(f"{architecture}.n_deepstack_layers") or counted
