"""`medley evaluate`: measures what a bundle gets right and returns one report.

Puts the parts of an evaluation in order, shows progress, and reports what there is when it is
stopped. What is measured, and how, stands in the modules that it calls.
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeRemainingColumn,
)

from plugins.api import Recipe
from plugins.errors import BugError, KnownError
from runtime.bundle.bundle import DEFAULT_BUNDLE, Bundle, find_bundle
from runtime.opening import EngineOptions, open_engine
from training.evaluation import paper_metrics, questions, routing_comparison
from training.evaluation.judging import Case, Result, oracle_of, put, write_true
from training.evaluation.metrics import words
from training.evaluation.metrics.embeddings import Embeddings
from training.evaluation.metrics.proportions import Proportion, proportion_of
from training.evaluation.plan import SEED, Plan
from training.evaluation.report import text_of
from training.evaluation.scores import Report, RoutePair, overall_of, routing_of, rows_of, topics_of
from training.evaluation.session import EvaluationRun
from training.evaluation.sheets.contact_sheet import choose, write_sheets
from training.evaluation.suites import composition as composition_suite
from training.evaluation.suites import folder as folder_module
from training.evaluation.suites import paraphrases as paraphrase_suite
from training.pocketworld.compositions.composition import TOPICS
from training.pocketworld.scene import SHOWN, random_scene

EXIT_OK, EXIT_INTERRUPTED = 0, 130
SHEET_REQUESTS = 24
WITH_MEDIA = 2
"""The most cases per direction, language and combination whose media are kept for a contact
sheet."""
ORACLE_SHARE = 4
"""Number of true media that the oracle judges per case of a composition topic."""
FORMAT_SHARE = 2
"""One in this many English cases is asked of the other formats too."""


def main(
    *,
    bundle: str | None,
    limit: int | None,
    as_json: bool,
    out: Path | None = None,
    plan: Plan | None = None,
    device: str = "auto",
) -> int:
    """Evaluate a bundle; print tables or one JSON object.

    Args:
        bundle: name or folder; None is the embedded one.
        limit: cases; None is the plan's.
        out: folder for `report.json`, `report.md` and contact sheets.
        plan: what to measure.
        device: a torch device name, or `auto`.

    Returns:
        0, or 130 when Ctrl-C stopped it; what was measured by then is reported all the same.

    Raises:
        KnownError: there is no such bundle or data, or the bundle lacks a part that is needed.
    """
    plan = plan or Plan()
    plan = replace(plan, limit=limit or plan.limit)
    opened = Bundle.open(find_bundle(bundle or DEFAULT_BUNDLE))
    if out is not None:
        out.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory(prefix="medley-evaluate-") as name,
        open_engine(EngineOptions(opened, device)) as engine,
        Watch() as watch,
    ):
        session = EvaluationRun(engine, Path(name), plan.seed, plan.steps, watch.tick)
        evaluation = Evaluation(plan, session, watch)
        report = evaluation.run()
        if out is not None and evaluation.shown:
            write_sheets(choose(evaluation.shown, SHEET_REQUESTS), out, opened.name)
    if out is not None:
        (out / "report.json").write_text(json.dumps(report.to_data(), indent=1), "utf-8")
        (out / "report.md").write_text(text_of(report) + "\n", "utf-8")
    print(json.dumps(report.to_data()) if as_json else text_of(report))
    return EXIT_OK if report.complete else EXIT_INTERRUPTED


class Watch:
    """Progress on standard error: a bar a part on a terminal, else a line every tenth of a part."""

    def __init__(self) -> None:
        self._seen = sys.stderr.isatty()
        self._bar = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeRemainingColumn(),
            console=Console(stderr=True),
            transient=True,
            disable=not self._seen,
        )
        self._task: TaskID | None = None
        self._what, self._done, self._total = "", 0, 0

    def __enter__(self) -> Watch:
        self._bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._bar.stop()

    def begin(self, what: str, total: int) -> None:
        """A part of the evaluation begins."""
        self._what, self._done, self._total = what, 0, total
        self._task = self._bar.add_task(what, total=total)

    def tick(self) -> None:
        """One answer more."""
        if self._task is None:
            return
        self._done += 1
        self._bar.advance(self._task)
        if not self._seen and self._done % max(1, self._total // 10) == 0:
            print(f"{self._what}: {self._done} of {self._total}", file=sys.stderr, flush=True)


class Evaluation:
    """One evaluation; its report grows with every answer, so it may be stopped at any."""

    def __init__(self, plan: Plan, session: EvaluationRun, watch: Watch) -> None:
        self._plan = plan
        self._session = session
        self._watch = watch
        self._results: list[Result] = []
        self._oracle: dict[str, dict[str, Proportion]] = {}
        """The oracle's proportions on true compositions, by topic and attribute."""
        self._captioned: dict[str, Proportion] = {}
        """The proportions of captioned compositions, by topic."""
        self.shown: list[Result] = []
        """Results with their media, for a contact sheet."""
        self._report = Report(
            session.engine.bundle.name, plan.suite, plan.limit, plan.seed, plan.steps,
            phrasings="known" if plan.suite == "composition" else plan.phrasings,
        )  # fmt: skip

    def run(self) -> Report:
        """Measure everything that the plan names, or what is done when Ctrl-C comes."""
        started = time.monotonic()
        report = self._report
        try:
            if self._plan.suite == "folder":
                self._folder()
            elif self._plan.suite == "composition":
                self._compositions()
            elif self._plan.suite == "paraphrases":
                self._paraphrases()
            else:
                self._pocketworld()
        except KeyboardInterrupt:
            report.complete = False
        if self._plan.suite == "composition":
            report.topics = topics_of(
                self._results, composition_suite.chance(), self._oracle, self._captioned
            )
        else:
            report.rows = rows_of(self._results)
            report.overall = overall_of(self._results)
        report.routing = routing_of(self._results) if self._results else None
        report.seconds = time.monotonic() - started
        return report

    def _pocketworld(self) -> None:
        sections = self._plan.sections
        if {"attributes", "formats", "routing"} & set(sections):
            self._ask(self._directions())
        if "routing" in sections:
            self._routes()
        if "formats" in sections:
            self._formats()
        if "paper" in sections:
            self._paper()

    def _directions(self) -> Collection[str] | None:
        """The directions that the sections of the plan need."""
        if self._plan.directions is None and set(self._plan.sections) <= {"routing", "paper"}:
            return tuple(routing_comparison.ROUTES)
        return self._plan.directions

    def _ask(self, directions: Collection[str] | None) -> None:
        plan, session = self._plan, self._session
        self._report.oracle_on_true_media = oracle_accuracy(plan.limit, session.folder, plan.seed)
        groups = list(questions.settings(plan.languages, plan.combinations, directions))
        self._watch.begin("answers", plan.limit * len(groups))
        asked = questions.cases(
            plan.limit, session.folder, languages=plan.languages,
            combinations=plan.combinations, directions=directions, seed=plan.seed,
            phrasings=plan.phrasings,
        )  # fmt: skip
        self._put(asked)

    def _put(self, cases: Iterable[Case]) -> None:
        for case in cases:
            result = put(self._session.engine, case, self._plan.steps)
            if case.seed < WITH_MEDIA:
                self.shown.append(result)
            self._results.append(result.without_media())
            self._session.tick()

    def _routes(self) -> None:
        groups = routing_comparison.comparable(self._results, self._plan.limit)
        self._watch.begin("captioned routing", sum(map(len, groups.values())))
        done: list[RoutePair] = []
        for modality, group in groups.items():
            for pair in routing_comparison.compare_route(self._session, modality, group):
                self._report.routes = [*done, pair]
            done = self._report.routes

    def _formats(self) -> None:
        own = [r for r in self._results if routing_comparison.is_short(r.case, FORMAT_SHARE)]
        bundle = self._session.engine.bundle
        name, others = routing_comparison.formats_to_try(bundle)
        self._watch.begin("formats", len(others) * len(own))
        self._report.formats.append(routing_comparison.format_row(name, bundle, own, own))
        for other in others:
            try:
                self._format(other, own)
            except KnownError as error:
                self._report.notes.append(f"{other} was not compared: {error}")

    def _format(self, name: str, own: Sequence[Result]) -> None:
        """One more row, of what was answered if Ctrl-C comes."""
        bundle = routing_comparison.in_format(
            self._session.engine.bundle, name, self._session.folder
        )
        results: list[Result] = []
        try:
            for result in routing_comparison.answers_of(bundle, self._session, own):
                results.append(result)
        finally:
            if results:
                self._report.formats.append(
                    routing_comparison.format_row(name, bundle, results, own)
                )

    def _paper(self) -> None:
        session, report = self._session, self._report
        count = paper_metrics.samples_of(self._plan.limit)
        self._watch.begin("paper", 6 * count)
        report.notes += [words.NOTE, paper_metrics.FEATURES]
        for modality in SHOWN:
            report.measures += paper_metrics.caption_measures(session, modality, count)
        embeddings = Embeddings(session.engine, session.folder)
        for modality in SHOWN:
            report.measures += paper_metrics.made_measures(session, embeddings, modality, count)

    def _compositions(self) -> None:
        plan = self._plan
        self._watch.begin("answers", plan.limit * len(TOPICS) * (1 + len(plan.languages)))
        folder = self._session.folder
        self._oracle = composition_suite.oracle_shares(ORACLE_SHARE * plan.limit, folder, plan.seed)
        self._put(composition_suite.cases(plan.limit, plan.languages, plan.seed))
        made = {a.modality: a for r in self.shown for answer in r.answers for a in answer.artifacts}
        for topic, kind in TOPICS.items():
            if kind.modality in made:
                recipe = Recipe.from_json(made[kind.modality].recipe)
                self._captioned[topic] = composition_suite.captioned_share(
                    topic, recipe, plan.limit, self._session
                )

    def _paraphrases(self) -> None:
        plan, session = self._plan, self._session
        requests = paraphrase_suite.paraphrases(
            plan.limit, plan.languages, plan.phrasings, session.folder, plan.seed
        )
        self._watch.begin("answers", len(requests))
        for request in requests:
            self._results.append(paraphrase_suite.put(session.engine, request.asked()))
            session.tick()

    def _folder(self) -> None:
        if self._plan.data is None:
            raise BugError("the suite folder needs a folder")
        samples, notes = folder_module.samples_in(self._plan.data, self._plan.limit)
        self._report.notes += [*notes, words.NOTE, paper_metrics.FEATURES]
        self._watch.begin("folder", 2 * len(samples))
        for found in folder_module.measures(self._session, samples):
            if isinstance(found, str):
                self._report.notes.append(found)
            else:
                self._report.measures.append(found)


def oracle_accuracy(count: int, folder: Path, seed: int = SEED) -> dict[str, Proportion]:
    """Share of attributes that the oracle reads right from true renderings, written as files."""
    shares = {}
    for kind, (modality, names) in enumerate(SHOWN.items()):
        marks: list[bool] = []
        for number in range(count):
            rng = np.random.default_rng([seed, 40 + kind, number])
            scene = random_scene(rng)
            path = write_true(modality, scene, rng, folder / f"oracle-{modality}-{number}")
            shown = oracle_of(modality, path.read_bytes())
            marks += [shown[name] == getattr(scene, name) for name in names]
        shares[modality] = proportion_of(marks)
    return shares
