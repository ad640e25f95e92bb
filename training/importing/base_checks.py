"""Whether a language model is the one that NExT-GPT was trained on: by what it states of itself, by
its vocabulary, and by the names and shapes of its tensors. Knows no file.

Legend: D model width.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, NoReturn

from plugins.errors import KnownError, Problem, listed, phrase
from runtime.media import shown
from training.importing.sizes import Sizes
from training.importing.tensors import Shape

_LLAMA_2 = phrase("Vicuna v1.5 or another child of Llama-2")
_SHOWN = 8


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


def check_facts(where: Path, sizes: Sizes, found: Mapping[str, Any]) -> None:
    """
    Raises:
        KnownError: what it states of itself is another model's; of the same shapes, Llama-2's by
            name.
    """
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
            phrase(
                "{name} {found} (expected {wanted})",
                name=name,
                found=found[name],
                wanted=wanted[name],
            )
            for name in wrong
        ],
        _SHOWN,
    )
    if set(wrong) <= {"n_ctx", "rms_eps", "rope_scaling"}:
        refuse(where, phrase("{name}: {facts}", name=_LLAMA_2, facts=facts))
    refuse(where, phrase("another model: {facts}", facts=facts))


def _same(found: Any, wanted: Any) -> bool:
    if isinstance(wanted, float) and isinstance(found, int | float):
        return abs(found - wanted) <= 1e-3 * abs(wanted)
    return bool(found == wanted)


def check_vocabulary(where: Path, tokens: tuple[str, ...], sizes: Sizes) -> None:
    """LLaMA's own pieces; a [PAD] behind them is left out, as every row is NExT-GPT's.

    Raises:
        KnownError: its tokens are others.
    """
    more = tokens[sizes.n_vocab :]
    if len(tokens) < sizes.n_vocab or more not in ((), ("[PAD]",)):
        refuse(
            where,
            phrase(
                "a vocabulary of {count} tokens ({more})",
                count=len(tokens),
                more=", ".join(more[:3]) or "-",
            ),
        )
    wrong = [i for i, piece in sizes.pieces.items() if tokens[i] != piece]
    if wrong or tokens[:3] != ("<unk>", "<s>", "</s>"):
        refuse(where, phrase("another vocabulary than LLaMA's"))


def check_tensors(where: Path, found: Mapping[str, Shape], sizes: Sizes) -> None:
    """
    Raises:
        KnownError: names or shapes are not exactly those of the model.
    """
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


def refuse(where: Path, found: Problem) -> NoReturn:
    """Say that this is another model.

    Raises:
        KnownError: always.
    """
    raise KnownError(
        "{where}: expected Vicuna-7B-v0, on which NExT-GPT was trained, found {found}. With "
        "another model the checkpoint says nonsense; use that one.",
        "bundle",
        where=shown(where),
        found=found,
    )
