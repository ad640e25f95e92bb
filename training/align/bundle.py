"""Writes what a run learned as a bundle that Medley opens. Knows files, names and the manifest.

Legend: L positions, D language model width, V vocabulary.
"""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors.torch import save_file
from torch import nn
from transformers import PreTrainedModel

from plugins.errors import KnownError
from runtime.bundle.checks import PICKLES
from runtime.bundle.manifest import FORMAT, EncoderSpec, LanguageModelSpec, Licence, Manifest
from runtime.bundle.write import write_manifest
from runtime.language_model.chunks import TokenChunk
from runtime.language_model.model import LanguageModel
from training.align.model import AlignmentModel, changed
from training.align.plan import Plan
from training.gguf.load import gguf_tensors
from training.gguf.patch import extend_gguf

LANGUAGE_MODEL, ENCODER = "llm.gguf", "encoder.safetensors"
N_CTX = 4096
"""Positions of the context at most; a model that was trained for fewer gets what it has."""
LEAST_COSINE = 0.98
"""The smallest cosine allowed between states of the written model and of the trained one. Float16
stays above 0.9999; weights that were quantized before stay above 0.99, as llama.cpp computes them
in 8 bits."""
NOT_COPIED = ("safety_checker", "feature_extractor", "image_encoder")
"""Components of published decoders that no renderer loads."""


def write_bundle(
    target: Path,
    alignment: AlignmentModel,
    *,
    hears: bool,
    lora: bool,
    lines: Sequence[Sequence[int]],
) -> Manifest:
    """Assemble the bundle beside `target`, then move it into place.

    Args:
        target: the bundle's folder.
        alignment: the trained model; it cannot learn afterwards.
        hears: whether the input projection learned anything, so that media can be taken in.
        lora: whether the language model's own matrices changed.
        lines: token ids of some sequences, for the comparison with the trained model.

    Raises:
        KnownError: the language model cannot be written, or computes something else as a GGUF.
    """
    fresh = target.with_name(f"{target.name}.new")
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(parents=True)
    plan = alignment.plan
    _write_language_model(fresh / LANGUAGE_MODEL, alignment, lora=lora, lines=lines)
    if hears and plan.encoder is not None:
        shutil.copyfile(plan.encoder.file, fresh / ENCODER)
        _save_half(alignment.model.input_projection, fresh / plan.input_projection.file)
    for modality, part in plan.signals.items():
        _save_half(alignment.model.output_projections[modality], fresh / part.spec.projection)
        if part.renderer.folder is not None:
            _copy_decoder(part.renderer.folder, fresh / part.spec.decoder)
    written = write_manifest(fresh, manifest_of(plan, hears=hears))
    shutil.rmtree(target, ignore_errors=True)
    fresh.rename(target)
    return written


def _write_language_model(
    target: Path, alignment: AlignmentModel, *, lora: bool, lines: Sequence[Sequence[int]]
) -> None:
    plan = alignment.plan
    plain = alignment.merged()
    names = changed(plain, lora=lora)
    tensors = gguf_tensors(plain, plan.facts.architecture, names)
    extend_gguf(plan.base, target, name=plan.settings.name, tokens=plan.new_tokens, tensors=tensors)
    cosine = agreement(plain, target, lines)
    print(f"written language model: states agree to a cosine of at least {cosine:.5f}", flush=True)
    if cosine < LEAST_COSINE:
        raise KnownError(
            f"language model: the written file computes something else than the trained model "
            f"(cosine {cosine:.3f}, expected at least {LEAST_COSINE}); this kind of model cannot "
            "be written back. Choose another."
        )


@torch.inference_mode()
def agreement(plain: PreTrainedModel, file: Path, lines: Sequence[Sequence[int]]) -> float:
    """The least mean cosine over a line of the last-layer states, transformers' and llama.cpp's."""
    worst = 1.0
    longest = max(map(len, lines), default=0)
    with LanguageModel(file, n_ctx=longest + 8) as written:
        for line in lines:
            out: Any = plain(torch.tensor([list(line)]), output_hidden_states=True)
            wanted: NDArray[np.float32] = out.hidden_states[-1][0].float().numpy()
            written.prefill([TokenChunk((line[0],))])
            got = written.states([TokenChunk(tuple(line[1:]))])
            norms = np.linalg.norm(got, axis=-1) * np.linalg.norm(wanted[1:], axis=-1)
            worst = min(worst, float(((got * wanted[1:]).sum(axis=-1) / norms).mean()))
    return worst


def manifest_of(plan: Plan, *, hears: bool) -> Manifest:
    """The manifest of the bundle, without its files."""
    facts, name = plan.facts, plan.settings.name
    encoder = plan.encoder
    takes = hears and encoder is not None
    return Manifest(
        format=FORMAT,
        name=name,
        title=name,
        description=f"Aligned by `medley train align` for {', '.join(plan.signals)}.",
        version="1",
        routing="projected",
        licences=_licences(plan),
        language_model=LanguageModelSpec(
            file=LANGUAGE_MODEL,
            d_model=facts.d_model,
            n_vocab=plan.n_vocab,
            n_ctx=min(facts.n_ctx_train, N_CTX),
        ),
        template=plan.template,
        signals=plan.specs,
        files={},
        encoder=EncoderSpec(ENCODER, encoder.config.to_table()) if takes and encoder else None,
        input_projection=plan.input_projection if takes else None,
    )


def _licences(plan: Plan) -> tuple[Licence, ...]:
    """The parts keep the terms they came under, which only their sources know."""
    unknown = "NOASSERTION"
    found = [Licence(LANGUAGE_MODEL, unknown, plan.language.source.name)]
    if plan.encoder is not None:
        found.append(Licence("encoder", unknown, plan.encoder.file.parent.name))
    for part in plan.signals.values():
        found.append(Licence(part.spec.decoder or part.spec.renderer, unknown, part.spec.renderer))
    return tuple(found)


def _save_half(module: nn.Module, path: Path) -> None:
    state = {name: t.detach().half().contiguous() for name, t in module.state_dict().items()}
    save_file(state, path)


def _copy_decoder(source: Path, target: Path) -> None:
    """A decoder without hidden files, pickles, and components that nobody loads."""

    def unwanted(_: str, names: list[str]) -> list[str]:
        return [
            name
            for name in names
            if name.startswith(".") or name in NOT_COPIED or Path(name).suffix.lower() in PICKLES
        ]

    shutil.copytree(source, target, ignore=unwanted)
