"""The model of a cheap alignment: only the upper layers of the language model learn.

The layers below are frozen, and so is all that they see: words, the embeddings of signal tokens,
and media whose projection has learned already. Their states are therefore computed once
(`cached_states`), and a step passes through the upper layers alone. Signal tokens begin with rows
of their own in the embedding, which stay; their rows in the head learn. Knows transformers, peft
and the plan; knows no data.

Legend: L positions of a pack, D model width, V vocabulary, S signal tokens, C candidates, A
artifacts, N signal tokens of one.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import torch
from peft import LoraConfig, get_peft_model
from torch import Tensor, nn
from torch.nn import functional
from transformers import PreTrainedModel

from plugins.errors import KnownError
from runtime.projection import build_input_projection, build_output_projection
from training.align.learned import load_learned, save_learned
from training.align.pack import Pack, previous
from training.align.plan import Plan
from training.datasets.examples import Wanted
from training.nextgpt.answer_loss import IGNORE
from training.nextgpt.model import relative_distance

Targets = Callable[[str, Sequence[Wanted]], Tensor]
NEGATIVES = 4096
"""Words drawn anew in every step, which the answers are compared with besides the data's own."""
PRECISION = torch.bfloat16
"""Of the frozen weights: several times as fast as float32 on processors and GPUs that have it."""


class UpperModel(nn.Module):
    """Upper layers with LoRA, the signal tokens' rows of the head, and both projections."""

    def __init__(self, plan: Plan) -> None:
        """Load and join the parts; the same plan gives the same weights."""
        super().__init__()
        settings = plan.settings
        torch.manual_seed(settings.seed)
        plain: Any = plan.language.load()
        self.plan = plan
        self.ids = sorted({i for spec in plan.specs.values() for i in spec.token_ids})
        self.rows = nn.Parameter(_begin_rows(plain, self.ids))
        """[S, D]."""
        plain = plain.to(PRECISION)
        depth = len(plain.model.layers)
        if not 0 < settings.keep_layers < depth:
            raise KnownError(
                f"--keep-layers: expected 1 to {depth - 1} for a model of {depth} layers, found "
                f"{settings.keep_layers}; correct it."
            )
        below = list(plain.model.layers[: settings.keep_layers])
        self._below = [layer.requires_grad_(False) for layer in below]  # no submodules
        _set_layers(plain, list(plain.model.layers[settings.keep_layers :]))
        with warnings.catch_warnings():
            # peft asks transformers for a property under its former name.
            warnings.filterwarnings("ignore", "`is_gradient_checkpointing`", FutureWarning)
            rank = settings.lora_rank
            lora = LoraConfig(
                r=rank, lora_alpha=2 * rank, lora_dropout=0.0, target_modules="all-linear",
                task_type="CAUSAL_LM",
            )  # fmt: skip
            self.language: Any = get_peft_model(plain, lora)
        d_encoder = plan.encoder.config.embed_dim if plan.encoder is not None else 1
        self.input_projection = build_input_projection(
            plan.input_projection, d_encoder=d_encoder, d_model=plan.facts.d_model
        )
        self.output_projections = nn.ModuleDict(
            {
                m: build_output_projection(spec, d_model=plan.facts.d_model)
                for m, spec in plan.specs.items()
            }
        )
        self.eval()

    @property
    def plain(self) -> Any:
        """The language model inside, its lower layers taken away."""
        return self.language.get_base_model()

    @property
    def table(self) -> Tensor:
        """[V, D] input embeddings."""
        weight: Tensor = self.plain.get_input_embeddings().weight
        return weight

    def embedded_rows(self) -> Tensor:
        """[S, D] input embeddings of the signal tokens, which stay as they began."""
        return self.table[torch.tensor(self.ids)].detach().float().clone()

    def take_rows(self, rows: Tensor) -> None:
        """Put `embedded_rows` of an earlier start in their places."""
        with torch.no_grad():
            self.table[torch.tensor(self.ids)] = rows.to(self.table.dtype)

    @property
    def frozen_below(self) -> int:
        """Parameters of the layers below."""
        return sum(p.numel() for layer in self._below for p in layer.parameters())

    def learn(self, *, language: bool) -> None:
        """Let LoRA, rows and output projections learn, or the output projections alone."""
        for name, parameter in self.named_parameters():
            parameter.requires_grad_(
                name.startswith("output_projections.")
                or (language and ("lora_" in name or name == "rows"))
            )

    @torch.inference_mode()
    def states_below(self, pack: Pack) -> Tensor:
        """[L, D] states under the upper layers, from embeddings."""
        plain = self.plain
        upper, norm = list(plain.model.layers), plain.model.norm
        _set_layers(plain, self._below)
        plain.model.norm = nn.Identity()
        try:
            return self._through(pack)
        finally:
            _set_layers(plain, upper)
            plain.model.norm = norm

    def hidden(self, pack: Pack) -> Tensor:
        """[L, D] last-layer states after the final norm, from states of the layers below."""
        with torch.autocast(pack.states.device.type, PRECISION):
            return self._through(pack)

    def _through(self, pack: Pack) -> Tensor:
        out = self.plain.model(
            inputs_embeds=pack.states[None].to(PRECISION), attention_mask=pack.sees,
            position_ids=pack.places[None], use_cache=False,
        )  # fmt: skip
        states: Tensor = out.last_hidden_state[0]
        return states

    def losses(self, pack: Pack, targets: Targets, candidates: Tensor) -> dict[str, Tensor]:
        """Cross-entropy of the answers among `candidates`, and the distance of every artifact's
        condition from its caption's.

        Args:
            pack: of states of the layers below.
            targets: the conditions of artifacts of a modality.
            candidates: sorted token ids, among them all labels but the signal tokens.
        """
        hidden = self.hidden(pack)
        learned = (pack.labels != IGNORE).nonzero()[:, 0]
        before = hidden[previous(pack, learned)]
        said = functional.cross_entropy(
            self._logits(before, candidates), self._columns(pack.labels[learned], candidates)
        )
        losses, total = {"text": said}, said
        for modality, (runs, wanted) in self.runs(hidden, pack).items():
            target = targets(modality, wanted).to(runs.device)
            losses[modality] = relative_distance(self.conditions(modality, runs), target)
            total = total + losses[modality]
        return {"loss": total, **losses}

    def runs(self, hidden: Tensor, pack: Pack) -> dict[str, tuple[Tensor, list[Wanted]]]:
        """The [A, N, D] states of all artifacts' signal tokens, by modality."""
        found: dict[str, tuple[list[Tensor], list[Wanted]]] = {}
        for at, wanted in pack.signals:
            states, artifacts = found.setdefault(wanted.modality, ([], []))
            count = len(self.plan.specs[wanted.modality].token_ids)
            states.append(hidden[at : at + count].float())
            artifacts.append(wanted)
        return {m: (torch.stack(states), artifacts) for m, (states, artifacts) in found.items()}

    def conditions(self, modality: str, runs: Tensor) -> Tensor:
        """[A, *C] conditions from the [A, N, D] states of runs of signal tokens."""
        spec = self.plan.specs[modality]
        words = self.table[torch.tensor(spec.token_ids, device=runs.device)].float()
        projected: Tensor = self.output_projections[modality](runs, words.expand(len(runs), -1, -1))
        return projected.reshape(len(runs), *spec.condition_shape)

    def _logits(self, hidden: Tensor, candidates: Tensor) -> Tensor:
        """[N, C + S] logits of the candidates, then of the signal tokens."""
        head = self.plain.get_output_embeddings().weight[candidates]
        words = hidden.to(PRECISION) @ head.T
        return torch.cat([words.float(), hidden.float() @ self.rows.T], dim=-1)

    def _columns(self, wanted: Tensor, candidates: Tensor) -> Tensor:
        """[N] columns of token ids among `_logits`."""
        ids = torch.tensor(self.ids, device=wanted.device)
        signal = torch.isin(wanted, ids)
        columns = torch.searchsorted(candidates, wanted)
        return torch.where(signal, len(candidates) + torch.searchsorted(ids, wanted), columns)

    # What was learned

    def save(self, file: Path) -> None:
        """Save everything that learns, as float32."""
        save_learned(self._learnable(), file)

    def load(self, file: Path) -> None:
        """Load what `save` wrote.

        Raises:
            KnownError: it is of another run.
        """
        load_learned(self._learnable(), file)

    def _learnable(self) -> dict[str, Tensor]:
        parts = ("lora_", "input_projection.", "output_projections.")
        named = self.named_parameters()
        return {n: p for n, p in named if n == "rows" or any(part in n for part in parts)}

    def lora(self) -> dict[str, tuple[Tensor, Tensor]]:
        """LoRA's two matrices by the name of the parameter that they change, in the whole model."""
        found = {}
        modules: Mapping[str, Any] = dict(self.plain.named_modules())
        for name, module in modules.items():
            if not hasattr(module, "lora_A"):
                continue
            layer = int(name.split(".")[2]) + self.plan.settings.keep_layers
            rest = ".".join(name.split(".")[3:])
            up = module.lora_B["default"].weight.detach() * module.scaling["default"]
            found[f"model.layers.{layer}.{rest}.weight"] = (
                module.lora_A["default"].weight.detach().float(), up.float()
            )  # fmt: skip
        return found


def candidates_of(known: Tensor, n_vocab: int, without: Sequence[int], rng: Any) -> Tensor:
    """Sorted token ids: those of the data, and `NEGATIVES` others by chance; no signal tokens."""
    drawn = torch.from_numpy(rng.integers(0, n_vocab, NEGATIVES))
    every = torch.unique(torch.cat([known, drawn]))
    return every[~torch.isin(every, torch.tensor(list(without)))]


def _begin_rows(plain: PreTrainedModel, ids: Sequence[int]) -> Tensor:
    """New rows for signal tokens, like those of words: they are put into the embedding, where they
    stay; those for the head are given back."""
    made = []
    for module in (plain.get_input_embeddings(), plain.get_output_embeddings()):
        weight: Tensor = module.weight
        with torch.no_grad():
            sample = weight[torch.randint(0, min(ids), (4096,))].float()
            spread, middle = sample.std(dim=0), sample.mean(dim=0)
            rows = middle + spread * torch.randn(len(ids), weight.shape[1])
            if module is plain.get_input_embeddings():
                weight[torch.tensor(list(ids))] = rows
        made.append(rows)
    return made[1]


def _set_layers(plain: Any, layers: Sequence[nn.Module]) -> None:
    plain.model.layers = nn.ModuleList(layers)
    plain.config.num_hidden_layers = len(layers)


@contextmanager
def whole(model: UpperModel) -> Iterator[Any]:
    """The plain language model with all its layers, while it is compared; LoRA still in place."""
    plain = model.plain
    upper = list(plain.model.layers)
    _set_layers(plain, [*model._below, *upper])
    try:
        yield plain
    finally:
        _set_layers(plain, upper)
