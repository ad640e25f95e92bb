"""The model of a run: the user's language model with new tokens and LoRA, and both projections.

Everything that any stage may train is there from the beginning and does nothing until it is
trained, so one small file per stage holds what was learned. Knows peft and the plan; knows no data.

Legend: V vocabulary, D model width.
"""

from __future__ import annotations

import warnings
from collections.abc import Collection
from pathlib import Path
from typing import Any

import torch
import transformers
from peft import LoraConfig, get_peft_model
from safetensors.torch import load_file
from torch import Tensor, nn
from transformers import PreTrainedModel

from plugins.errors import BugError
from training.align.learned import load_learned, save_learned
from training.align.plan import Plan
from training.nextgpt.model import NextGpt

ROWS, LORA = "trainable_tokens_delta", "lora_"
"""Parts of the names of signal tokens' rows, and of LoRA's matrices."""
PROJECTIONS_IN, PROJECTIONS_OUT = "input_projection.", "output_projections."
LEARNS = {
    "stage1": (PROJECTIONS_IN,),
    "stage2": (PROJECTIONS_OUT, ROWS),
    "stage3": (PROJECTIONS_IN, PROJECTIONS_OUT, ROWS, LORA),
    "stage4": (PROJECTIONS_OUT,),
}
"""Parts of parameter names that each stage trains; the rest is frozen. The first three are the
paper's."""


class AlignmentModel:
    """The whole model of a run."""

    def __init__(self, plan: Plan, asked_for: Collection[str]) -> None:
        """Load and join the parts; the same plan gives the same weights.

        `asked_for` are the modalities that the data ask for. The signal tokens of the others, which
        a bundle brought along, stay as they are.
        """
        self.plan = plan
        torch.manual_seed(plan.settings.seed)
        plain = plan.language.load()
        _extend(plain, plan)
        with warnings.catch_warnings():
            # peft asks transformers for a property under its former name.
            warnings.filterwarnings("ignore", "`is_gradient_checkpointing`", FutureWarning)
            language: Any = get_peft_model(plain, _adapters(plan, plain, asked_for))
        encoder = plan.encoder
        self.model = NextGpt(
            language,
            signals=plan.specs,
            input_projection=plan.input_projection,
            d_encoder=encoder.config.embed_dim if encoder is not None else 1,
            d_model=plan.facts.d_model,
        ).eval()
        for modality, part in plan.signals.items():
            _begin(self.model.output_projections[modality], part.begin)
        _begin(self.model.input_projection, plan.input_begin)

    def learn(self, stage: str) -> None:
        """Freeze everything but what this stage trains."""
        for name, parameter in self.model.named_parameters():
            parameter.requires_grad_(any(part in name for part in LEARNS[stage]))

    def save(self, file: Path) -> None:
        """Save everything that any stage trains, as float32."""
        save_learned(self._learnable(), file)

    def load(self, file: Path) -> None:
        """Load what `save` wrote.

        Raises:
            KnownError: it is of another run.
        """
        load_learned(self._learnable(), file)

    def merged(self) -> PreTrainedModel:
        """The plain language model with all that it learned. This model cannot learn afterwards."""
        language: Any = self.model.language
        plain: PreTrainedModel = language.merge_and_unload()
        self.model.language = plain
        return plain

    def _learnable(self) -> dict[str, Tensor]:
        parts = LEARNS["stage3"]
        return {n: p for n, p in self.model.named_parameters() if any(x in n for x in parts)}


def changed(plain: PreTrainedModel, *, lora: bool) -> list[str]:
    """Names of the parameters of a merged model that differ from the original's: token rows, and
    with `lora` every matrix that LoRA was on."""
    config: Any = plain.config
    names = ["model.embed_tokens.weight"]
    if not config.tie_word_embeddings:
        names.append("lm_head.weight")
    linear = [f"{n}.weight" for n, m in plain.named_modules() if isinstance(m, nn.Linear)]
    found = names + ([n for n in linear if n not in ("lm_head.weight",)] if lora else [])
    missing = set(found) - plain.state_dict().keys()
    if missing:
        raise BugError(f"a language model without {', '.join(sorted(missing))}")
    return found


def _extend(plain: PreTrainedModel, plan: Plan) -> None:
    """Rows for the new tokens, drawn from the distribution of the others."""
    if not plan.new_tokens:
        return
    level = transformers.utils.logging.get_verbosity()
    transformers.utils.logging.set_verbosity_error()
    plain.resize_token_embeddings(plan.n_vocab)
    transformers.utils.logging.set_verbosity(level)


def _adapters(plan: Plan, plain: PreTrainedModel, asked_for: Collection[str]) -> LoraConfig:
    config: Any = plain.config
    ids = sorted(
        {token for m, spec in plan.specs.items() if m in asked_for for token in spec.token_ids}
    )
    places = ["embed_tokens"] + ([] if config.tie_word_embeddings else ["lm_head"])
    rows = {place: ids for place in places} if ids else None
    rank = plan.settings.lora_rank
    return LoraConfig(
        r=rank,
        lora_alpha=2 * rank,
        lora_dropout=0.0,
        target_modules="all-linear",
        trainable_token_indices=rows,
        task_type="CAUSAL_LM",
    )


def _begin(module: nn.Module, file: Path | None) -> None:
    """Weights of a bundle to begin with."""
    if file is not None:
        state = {name: tensor.float() for name, tensor in load_file(file).items()}
        module.load_state_dict(state)
