"""The engine's thread of the worker: opens the engine, does job after job, reports what happens.

Knows the engine and the protocol; knows no pipe. A fault in one job ends that job, not the worker.
"""

from __future__ import annotations

import importlib
import sys
import time
import traceback
from typing import Literal

import psutil

from plugins.api import Recipe
from plugins.errors import Cancelled, KnownError, Problem
from runtime.engine import LANGUAGE_MODEL, Engine
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
from runtime.opening import EngineOptions, open_engine
from runtime.process.pipes import ParentGone
from runtime.turn.artifacts import STOPPED, ready_event
from runtime.worker.jobs import Job, Jobs
from runtime.worker.protocol import (
    Ask,
    Embed,
    Embedded,
    EmbedFailed,
    Loading,
    Memory,
    Open,
    Prepare,
    Ready,
    Render,
    TurnStarted,
    Working,
)
from runtime.worker.report_writer import ReportWriter

STEPS = ("bundle", "libraries", LANGUAGE_MODEL)
"""What starting loads, in order."""
_FAULT_CHARACTERS = 300
_LIBRARIES = (
    "runtime.turn.turn",
    "runtime.components.load",
    "runtime.turn.conditions",
    "runtime.turn.imagebind_embedder",
)
"""Modules of the engine that bring the libraries it computes with."""


def start_engine(wish: Open, outlet: ReportWriter) -> Engine:
    """The engine with its language model loaded; every step is reported.

    Raises:
        KnownError: no such bundle or device, a broken bundle, or not enough memory.
    """

    def on_load(part: str) -> None:
        number, of = (len(STEPS), len(STEPS)) if part == LANGUAGE_MODEL else (1, 1)
        outlet.send(Loading(part, number, of))

    outlet.send(Loading(STEPS[0], 1, len(STEPS)))
    options = EngineOptions(
        wish.bundle,
        wish.device,
        wish.memory_budget,
        wish.threads,
        suspended_plugins=wish.suspended_plugins,
    )
    engine = open_engine(
        options,
        on_load=on_load,
        on_work=lambda what, plugin: outlet.send(Working(what, plugin)),
    )
    outlet.send(Loading(STEPS[1], 2, len(STEPS)))
    for module in _LIBRARIES:
        importlib.import_module(module)
    device = engine.load()
    outlet.send(_memory(engine))
    about = engine.bundle.manifest
    outlet.send(Ready(about.name, about.title, engine.bundle.modalities, device))
    return engine


def serve(engine: Engine, jobs: Jobs, outlet: ReportWriter) -> None:
    """Do jobs as they come, for ever."""
    for job in jobs.each():
        if isinstance(job.command, Embed):
            _embed(engine, job.command, outlet)
        elif isinstance(job.command, Prepare):
            _prepare(engine, job)
        else:
            _turn(engine, job, outlet)
        outlet.send(_memory(engine))


def _prepare(engine: Engine, job: Job) -> None:
    """Read a turn. Whatever is wrong with it is said when it is asked."""
    assert isinstance(job.command, Prepare)
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


def _turn(engine: Engine, job: Job, outlet: ReportWriter) -> None:
    """Answer a turn or make a rendering; the last event is `TurnDone` or `TurnFailed`."""
    command = job.command
    outlet.send(TurnStarted(command.id))
    try:
        if isinstance(command, Ask):
            for event in engine.answer(command.turn, job.cancelled, job.stops):
                outlet.event(command.id, event)
                if not isinstance(event, TextDelta | RenderProgress):
                    outlet.send(_memory(engine))
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


def _memory(engine: Engine) -> Memory:
    used = sum(resident.size for resident in engine.memory.residents())
    return Memory(used, engine.memory.budget, psutil.Process().memory_info().rss)


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
