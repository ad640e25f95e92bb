"""Writes into the library what the engine says of an answer, and how the answer ended."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from desktop.assistant.answer import EMPTY, Answer, Ended
from desktop.assistant.problems import KEY, kept
from plugins.errors import Problem, distinct, phrase
from runtime.messages import ArtifactReady, TurnDone

PLACE = "remote"
"""In the details of an answer or an artifact: the name of the other computer that made it."""
NOTE = "note"
"""In the details of an answer: why it ends where it does."""
SILENT = phrase(
    "The model used tools and then said nothing. What they gave stands above; ask about it, or "
    "choose a larger model."
)


def fail(answer: Answer, problem: Problem, details: dict[str, Any]) -> None:
    details = {**_unread(answer, details), **_place(answer), KEY: kept(problem)}
    answer.writer.fail(str(problem), details)


def fail_artifact(answer: Answer, index: int, modality: str, problem: Problem) -> None:
    answer.writer.artifact_failed(index, modality, str(problem), {KEY: kept(problem)})


def save_artifact(answer: Answer, event: ArtifactReady) -> None:
    details: dict[str, Any] = {
        "bundle": answer.bundle,
        "renderer": event.renderer,
        "seed": event.seed,
        "render_s": round(event.render_s, 3),
    }
    if answer.place:
        details[PLACE] = answer.place
    if event.caption:
        details["caption"] = event.caption
    if answer.aside is not None:
        details |= answer.aside.details
    answer.writer.artifact(
        index_of(answer, event.index),
        event.data,
        mime=event.mime,
        modality=event.modality,
        recipe=event.recipe,
        width=event.width,
        height=event.height,
        duration_s=event.duration_s,
        details=details,
    )


def index_of(answer: Answer, index: int) -> int:
    """The number among the artifacts of the whole answer of one that the engine counts."""
    return index + (answer.first if answer.aside is None else answer.aside.index)


def finish(answer: Answer, done: TurnDone) -> None:
    answer.spent.add(done, answer.bundle)
    details = answer.spent.details | _place(answer) | dict(answer.before) | answer.more
    if answer.silent and done.finish != "stopped":
        details.setdefault(NOTE, kept(SILENT))
    if done.finish == "stopped":
        answer.writer.stop(_unread(answer, details))
    elif answer.filled:
        answer.writer.finish(_unread(answer, details))
    else:
        fail(answer, EMPTY, details)


def conclude(answer: Answer, end: Ended) -> None:
    finish = "stopped" if end.state == "stopped" else "end"
    details = {
        "bundle": answer.bundle, **answer.spent.details, **_place(answer), "finish": finish,
        **answer.more,
    }  # fmt: skip
    if end.state == "failed" and end.problem is not None:
        fail(answer, end.problem, details)
        return
    if end.problem is not None:
        details[NOTE] = kept(end.problem)
    write = answer.writer.stop if end.state == "stopped" else answer.writer.finish
    write(_unread(answer, details))


def _place(answer: Answer) -> dict[str, Any]:
    """Which other computer makes an answer; nothing where none does, or one of its artifacts alone
    is made again."""
    return {PLACE: answer.place} if answer.place and answer.only is None else {}


def lasting(details: Mapping[str, Any]) -> dict[str, Any]:
    """What the details of an answer say of its words, however one of its artifacts is made
    again."""
    return {name: value for name, value in details.items() if name not in ("finish", KEY)}


def _unread(answer: Answer, details: dict[str, Any]) -> dict[str, Any]:
    """The details with what could not be read of the question's media, where there is any."""
    if answer.unread:
        details["unread"] = [kept(problem) for problem in distinct(answer.unread)]
    return details
