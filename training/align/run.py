"""`medley train align`: the user's own components and data in, a bundle out, in one resumable
command.

The stages are the paper's: input projection by describing media, output projections by the
renderers' own caption targets, then LoRA on dialogues; at last the output projections once more,
on the finished model. Knows the order of work and the folder of a run.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from pathlib import Path

import numpy as np

from runtime.language_model.model import LanguageModel
from runtime.media import shown
from training.align import delta
from training.align.bundle import write_bundle
from training.align.dataset import AlignmentDataset
from training.align.decoder_alignment import STAGE as DECODER_ALIGNMENT
from training.align.decoder_alignment import align_decoders
from training.align.delta import shared_bundle
from training.align.model import AlignmentModel
from training.align.plan import Plan, make_plan
from training.align.settings import STAGES, Settings, settle
from training.align.stages import RESULT, StageLosses, train_stage
from training.align.upper_run import UpperRun
from training.datasets.examples import summary
from training.trainer import devices, loss_plot
from training.trainer.stages import Stages

COMPARED = 4
"""Sequences on which the written language model is compared with the trained one."""


def main(
    settings: Settings,
    *,
    out: Path,
    resume: bool,
    device: str,
    stage: int = len(STAGES),
    enabled_plugins: Collection[str] = (),
) -> int:
    """Align the parts; the bundle is written to `out/bundle`.

    Args:
        settings: what was asked for.
        out: folder of the run.
        resume: go on with a run that was stopped.
        device: `auto`, `cpu`, `cuda` or `cuda:N`.
        stage: the last stage to train, 1 to 4.
        enabled_plugins: names of the plugins that are switched on.

    Raises:
        KnownError: a part, the data or the folder cannot be used.
    """
    devices.use(device)
    accelerator = devices.accelerator()
    main_process = bool(accelerator.is_main_process)
    if main_process:
        settle(settings, out, resume=resume)
    accelerator.wait_for_everyone()
    stages = Stages(out, main=main_process, wait=accelerator.wait_for_everyone)
    Run(stages, settings, enabled_plugins).work(stage)
    return 0


class Run:
    """One run and its folder."""

    def __init__(self, stages: Stages, settings: Settings, enabled: Collection[str]) -> None:
        """Find the parts; what is written for them is the main process's work."""
        self.stages, self.folder = stages, stages.folder
        self._once(lambda: self._plan(settings, enabled))
        self.plan = self._plan(settings, enabled)
        self.dataset = AlignmentDataset(self.plan, self.folder)

    def work(self, last: int) -> None:
        """Do everything that is not done yet, up to the stage with the number `last`."""
        self._alone("read", self.dataset.read)
        self.dataset.open()
        self._alone("features", self.dataset.fill_features)
        self._alone("targets", self.dataset.fill_targets)
        self.dataset.sift()
        self._tell_skipped()
        if self.plan.settings.keep_layers:
            self._work_above()
            return
        stage_losses = StageLosses(self.dataset)
        alignment = AlignmentModel(self.plan, self.dataset.modalities_asked_for())
        for stage in STAGES[:last]:
            self._train(stage, alignment, stage_losses)
        self._once(lambda: self._finish(alignment, stage_losses, STAGES[:last]))
        self._tell_skipped()
        self._say(f"The bundle is in {shown(self.folder / 'bundle')}.")

    def _work_above(self) -> None:
        """All stages of a run in which the lower layers stay; it ends with a delta, and a bundle
        that is made of it."""
        parts = shared_bundle(self.plan)
        model = UpperRun(self.stages, self.plan, self.dataset).work()
        hears = bool(self.dataset.heard_pairs())
        folder = self.folder / "delta"
        self._once(lambda: delta.write(folder, model, parts=parts, hears=hears))
        self._once(lambda: delta.make_bundle(folder, self.plan.base, self.folder / "bundle"))
        self._say(f"The delta is in {shown(folder)}.")
        self._say(f"The bundle is in {shown(self.folder / 'bundle')}.")

    def _train(self, stage: str, alignment: AlignmentModel, stage_losses: StageLosses) -> None:
        draw = stage_losses.draws(stage)
        if draw is None:
            self._say(f"{stage}: the data has nothing for it, left out")
            return
        if stage == DECODER_ALIGNMENT:
            self.stages.run(
                stage, lambda folder: align_decoders(folder, alignment, self.dataset, draw)
            )
        else:
            self.stages.run(
                stage, lambda folder: train_stage(stage, folder, alignment, self.dataset, draw)
            )
        alignment.load(self.folder / stage / RESULT)

    def _finish(
        self, alignment: AlignmentModel, stage_losses: StageLosses, stages: tuple[str, ...]
    ) -> None:
        """Write the bundle and the picture of the losses."""
        trained = [stage for stage in stages if stage_losses.draws(stage) is not None]
        hears = "stage1" in trained or self.plan.input_begin is not None
        if self.plan.encoder is not None and not hears:
            self._say("no data with media that the encoder takes in: the bundle takes in text only")
        write_bundle(
            self.folder / "bundle",
            alignment,
            hears=hears,
            lora="stage3" in trained,
            lines=self._some_lines(stage_losses),
        )
        loss_plot.draw(self.folder, STAGES, self.folder / "losses.png")

    def _some_lines(self, stage_losses: StageLosses) -> list[list[int]]:
        rng = np.random.default_rng(self.plan.settings.seed)
        draw = stage_losses.draws("stage3") or stage_losses.draws("stage2")
        with LanguageModel(self.plan.base, n_ctx=32, n_threads=1) as tokenizer:
            writer = self.dataset.writer(tokenizer)
            return [writer.write(draw(rng)).ids for _ in range(COMPARED)] if draw else []

    def _plan(self, settings: Settings, enabled: Collection[str]) -> Plan:
        return make_plan(settings, self.folder, enabled)

    def _tell_skipped(self) -> None:
        skipped = self.dataset.skipped
        usable = len(self.dataset.examples)
        where = f"; each is named in {shown(self.folder / 'skipped.jsonl')}" if skipped else ""
        self._say(f"data: {usable} usable, {len(skipped)} skipped ({summary(skipped)}){where}")

    def _alone(self, name: str, work: Callable[[Path], None]) -> None:
        """Work whose result every process reads: the main one does it, the others wait."""
        self.stages.run(name, work if self.stages.main else lambda _: None)

    def _once(self, work: Callable[[], object]) -> None:
        if self.stages.main:
            work()
        self.stages.wait()

    def _say(self, text: str) -> None:
        if self.stages.main:
            print(text, flush=True)
