"""A cheap alignment, stage by stage: the lower layers of the language model stay as they are.

1. `words`: the input projection learns the words of captions, without the language model.
2. `states`: the frozen layers run once over all dialogues and over the model's own plain talk.
3. `stage3`: LoRA on the upper layers, the signal tokens' rows of the head and the output
   projections learn from these.
4. `stage4`: the output projections once more, on the finished model's states in large batches.

Knows the order of work and the folder of a run.

Legend: A artifacts, N signal tokens, D language model width, V vocabulary.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import load_file, save_file
from torch import Tensor

from runtime.language_model.model import LanguageModel
from training.align import cached_states
from training.align.cached_states import CachedLines
from training.align.caption_words import CaptionWords, learn_words
from training.align.dataset import AlignmentDataset, teller
from training.align.own_answers import own_answers
from training.align.plan import Plan
from training.align.sequences import TrainingSequence
from training.align.stages import RESULT, Rng
from training.align.upper_model import UpperModel, candidates_of
from training.datasets.examples import Wanted
from training.dialogues.phrasings.lists import read_list
from training.nextgpt.model import relative_distance
from training.trainer.loop import parameters_of, train
from training.trainer.progress import Parameters
from training.trainer.stages import Stages

ROWS = "rows.safetensors"
"""Embeddings of the signal tokens, under which the states were computed."""
WORD_STEPS = 500
"""Of the input projection: each is a small part of a second."""
PROJECTION_STEPS = 600
"""Of the output projections at the end."""
OWN_SHARE = 3
"""Times that an own answer counts beside a dialogue."""
PROJECTION_BATCH = 64
STATES_BATCH = 12
RATES = {"words": 2e-3, "language": 4e-4, "projections": 1.5e-3}


class UpperRun:
    """One run and its folder."""

    def __init__(self, stages: Stages, plan: Plan, dataset: AlignmentDataset) -> None:
        self.stages, self.folder, self.plan, self.dataset = stages, stages.folder, plan, dataset
        self.model = UpperModel(plan)

    def work(self) -> UpperModel:
        """Do everything that is not done yet; the trained model."""
        if self.dataset.heard_pairs():
            self.stages.run("words", self._words)
        self.stages.run("states", self._states)
        self.model.take_rows(load_file(self.folder / "states" / ROWS)["rows"])
        lines = CachedLines(self.folder / "states" / "lines")
        self.stages.run("stage3", lambda folder: self._language(folder, lines))
        self.model.load(self.folder / "stage3" / RESULT)
        self.stages.run("stage4", lambda folder: self._projections(folder, lines))
        self.model.load(self.folder / "stage4" / RESULT)
        return self.model

    def _words(self, folder: Path) -> None:
        pairs = self.dataset.heard_pairs()
        with LanguageModel(self.plan.base, n_ctx=32, n_threads=1) as tokenizer:
            words = CaptionWords(pairs, self.model.table, tokenizer, self.plan.positions)
        learn_words(
            folder, self.model.input_projection, self.dataset, words,
            steps=WORD_STEPS, lr=RATES["words"], seed=self.plan.settings.seed,
        )  # fmt: skip

    def _states(self, folder: Path) -> None:
        self._take_words()
        lines = self._lines()
        tell = teller("states", len(lines))
        save_file({"rows": self.model.embedded_rows()}, folder / ROWS)
        cached_states.fill(folder / "lines", lines, self.model, self.dataset, tell)

    def _take_words(self) -> None:
        file = self.folder / "words" / "words.safetensors"
        if file.is_file():
            self.model.input_projection.load_state_dict(load_file(file))

    def _lines(self) -> list[TrainingSequence]:
        """Dialogues of the data, and the model's own answers."""
        asked = [q for language in ("en", "zh") for q in read_list("plain", language)["plain"]]
        rng = np.random.default_rng(self.plan.settings.seed)
        some = [asked[i] for i in rng.permutation(len(asked))[: self.plan.settings.own_answers]]
        own = own_answers(
            self.plan.base, self.plan.template, some, self.folder / "own-answers.jsonl",
            teller("own answers", len(some)),
        )  # fmt: skip
        with LanguageModel(self.plan.base, n_ctx=32, n_threads=1) as tokenizer:
            writer = self.dataset.writer(tokenizer)
            talks = [*self.dataset.dialogues()[: self.plan.settings.lines], *OWN_SHARE * own]
            return [writer.write(one.exchanges) for one in talks]

    def _language(self, folder: Path, lines: CachedLines) -> None:
        self._take_words()
        settings, model = self.plan.settings, self.model
        model.learn(language=True)
        known, n_vocab = lines.words, self.plan.n_vocab

        def loss_of(_: int, rng: Rng) -> Mapping[str, Tensor]:
            pack = lines.draw(settings.batch, rng)
            candidates = candidates_of(known, n_vocab, model.ids, rng)
            return model.losses(pack, self.dataset.targets, candidates)

        train(
            "stage3", model, loss_of, folder=folder, steps=settings.steps, lr=RATES["language"],
            seed=settings.seed, weight_decay=0.0, parameters=self._shares(),
        )  # fmt: skip
        model.save(folder / RESULT)

    def _projections(self, folder: Path, lines: CachedLines) -> None:
        model = self.model
        model.learn(language=False)
        known = self._signal_states(lines)

        def loss_of(_: int, rng: Rng) -> Mapping[str, Tensor]:
            losses: dict[str, Tensor] = {}
            for modality, (states, wanted) in known.items():
                rows = rng.integers(0, len(wanted), PROJECTION_BATCH)
                target = self.dataset.targets(modality, [wanted[i] for i in rows])
                got = model.conditions(modality, states[torch.from_numpy(rows)].float())
                losses[modality] = relative_distance(got, target)
            return {"loss": torch.stack(list(losses.values())).sum(), **losses}

        train(
            "stage4", model, loss_of, folder=folder, steps=PROJECTION_STEPS,
            lr=RATES["projections"], seed=self.plan.settings.seed, weight_decay=0.0,
            parameters=self._shares(),
        )  # fmt: skip
        model.save(folder / RESULT)

    @torch.inference_mode()
    def _signal_states(self, lines: CachedLines) -> dict[str, tuple[Tensor, list[Wanted]]]:
        """The [A, N, D] states of all artifacts and what was wanted, by modality."""
        states: dict[str, list[Tensor]] = defaultdict(list)
        wanted: dict[str, list[Wanted]] = defaultdict(list)
        tell = teller("signal states", len(lines.lines))
        for number, pack in enumerate(lines.packs(STATES_BATCH), start=1):
            if pack.signals:
                for modality, (runs, artifacts) in self.model.runs(
                    self.model.hidden(pack), pack
                ).items():
                    states[modality].append(runs)
                    wanted[modality] += artifacts
            tell(min(number * STATES_BATCH, len(lines.lines)))
        return {m: (torch.cat(states[m]), wanted[m]) for m in sorted(states)}

    def _shares(self) -> Parameters:
        """The parameters that learn now, and those of the whole."""
        found = parameters_of(self.model)
        return Parameters(found.trained, found.total + self.model.frozen_below)
