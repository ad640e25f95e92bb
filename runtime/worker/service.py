"""The engine's thread of the worker: does job after job, reports what happens.

Knows the engine and the protocol; knows no pipe. A fault in one job ends that job, not the worker.
"""

from __future__ import annotations

import sys
import time
import traceback
from typing import Literal

from plugins.api import Recipe
from plugins.errors import Cancelled, KnownError, Problem
from runtime.engine import Engine
from runtime.messages import (
    ArtifactFailed,
    Message,
    RenderProgress,
    SignalPart,
    SignalStarted,
    TextDelta,
    Timings,
    TurnDone,
    TurnFailed,
    Usage,
)
from runtime.process.pipes import ParentGone
from runtime.turn.artifacts import STOPPED, ready_event
from runtime.worker.engines import Engines
from runtime.worker.jobs import Job, Jobs
from runtime.worker.protocol import (
    Ask,
    Embed,
    Embedded,
    EmbedFailed,
    Prepare,
    Render,
    TurnStarted,
)
from runtime.worker.report_writer import ReportWriter

_FAULT_CHARACTERS = 300


def serve(engines: Engines, jobs: Jobs, outlet: ReportWriter) -> None:
    """Do jobs as they come, for ever."""
    for job in jobs.each():
        try:
            engine = _engine_for(job, engines)
        except KnownError as error:
            if jobs.begin(job):
                _refuse(job, error.problem, outlet)
        else:
            if jobs.begin(job):
                _do(job, engine, engines, outlet)
        outlet.send(engines.memory())


def _engine_for(job: Job, engines: Engines) -> Engine:
    """The engine that does a job.

    Raises:
        KnownError: its bundle cannot be opened.
    """
    if isinstance(job.command, Embed):
        return engines.engine
    # A rendering does without the language model.
    return engines.use(job.command.bundle, load=not isinstance(job.command, Render))


def _refuse(job: Job, problem: Problem, outlet: ReportWriter) -> None:
    """The answer to a job whose bundle cannot be opened."""
    if isinstance(job.command, Embed):
        outlet.send(EmbedFailed(job.command.id, problem))
    elif not isinstance(job.command, Prepare):
        outlet.event(job.command.id, TurnFailed(problem))


def _do(job: Job, engine: Engine, engines: Engines, outlet: ReportWriter) -> None:
    if isinstance(job.command, Embed):
        _embed(engine, job.command, outlet)
    elif isinstance(job.command, Prepare):
        _prepare(engine, job)
    else:
        _turn(engine, engines, job, outlet)


def _prepare(engine: Engine, job: Job) -> None:
    """Read a turn. Whatever is wrong with it is said when it is asked."""
    assert isinstance(job.command, Prepare)
    if job.command.turn is None:
        return
    try:
        engine.prepare(job.command.turn, job.cancelled)
    except KnownError:
        return
    except Exception as error:  # noqa: BLE001  whatever a library raises ends this job only
        fault(error)


def answer_unbegun(job: Job, outlet: ReportWriter) -> None:
    """The answer to a job that was stopped while it waited."""
    if isinstance(job.command, Embed):
        outlet.send(EmbedFailed(job.command.id, STOPPED))
    else:
        outlet.event(job.command.id, _done("stopped"))


def _turn(engine: Engine, engines: Engines, job: Job, outlet: ReportWriter) -> None:
    """Answer a turn or make a rendering; the last event is `TurnDone` or `TurnFailed`."""
    command = job.command
    outlet.send(TurnStarted(command.id))
    try:
        if isinstance(command, Ask):
            for event in engine.answer(command.turn, job.cancelled, job.stops):
                outlet.event(command.id, event)
                if not isinstance(event, TextDelta | RenderProgress):
                    outlet.send(engines.memory())
        elif isinstance(command, Render):
            _render(engine, command, job, outlet)
    except KnownError as error:
        outlet.event(command.id, TurnFailed(error.problem))
    except ParentGone:
        raise
    except Exception as error:  # noqa: BLE001  whatever a library raises ends this turn only
        outlet.event(command.id, TurnFailed(fault(error)))


def _render(engine: Engine, command: Render, job: Job, outlet: ReportWriter) -> None:
    """Events as those of an answer that is one artifact.

    Raises:
        KnownError: the recipe is none, or of something else.
    """
    recipe = Recipe.from_json(command.recipe)
    modality, started = recipe.modality, time.perf_counter()

    def progress(step: int, of: int, preview: bytes | None) -> None:
        outlet.event(command.id, RenderProgress(0, modality, step, of, preview))

    outlet.event(command.id, SignalStarted(0, modality))
    try:
        artifact = engine.rerender(
            recipe,
            progress,
            seed=command.seed,
            parameters=command.parameters,
            previews=command.previews,
            cancelled=job.cancelled,
        )
    except Cancelled:
        outlet.event(command.id, ArtifactFailed(0, modality, STOPPED))
        outlet.event(command.id, _done("stopped", modality))
        return
    except KnownError as error:
        outlet.event(command.id, ArtifactFailed(0, modality, error.problem))
        raise
    seconds = time.perf_counter() - started
    outlet.event(command.id, ready_event(0, artifact, seconds))
    outlet.event(command.id, _done("end", modality, seconds, artifact.recipe.seed))


def _embed(engine: Engine, command: Embed, outlet: ReportWriter) -> None:
    try:
        outlet.send(Embedded(command.id, engine.embed(command.content)))
    except KnownError as error:
        outlet.send(EmbedFailed(command.id, error.problem))
    except ParentGone:
        raise
    except Exception as error:  # noqa: BLE001  whatever a library raises ends this job only
        outlet.send(EmbedFailed(command.id, fault(error)))


def _done(
    finish: Literal["end", "stopped"], modality: str = "", seconds: float = 0.0, seed: int = 0
) -> TurnDone:
    """The end of what no language model had a part in."""
    parts = (SignalPart(modality),) if modality else ()
    timings = Timings(0.0, 0.0, 0.0, 0.0, (seconds,) if modality else ())
    return TurnDone(Message("assistant", parts), Usage(0, 0, 0), timings, seed, finish)


def fault(error: Exception) -> Problem:
    """What the person is told about an error nobody expected; its traceback goes to stderr."""
    traceback.print_exception(error, file=sys.stderr)
    text = " ".join(f"{type(error).__name__}: {error}".split())[:_FAULT_CHARACTERS]
    return Problem(
        "the engine met a fault of its own ({error}). Ask again; if that does not help, restart "
        "the engine.",
        {"error": text},
        "fault",
    )
