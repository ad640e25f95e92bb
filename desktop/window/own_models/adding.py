"""One model after another is added: what it is, its name, how far it is, what came of it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec
from PySide6.QtCore import Property, QObject, QUrl, Signal, Slot

from desktop.assistant.own_models.protocol import (
    WITHOUT,
    Add,
    Added,
    Cancelled,
    Candidate,
    Failed,
    Last,
    Look,
    Looked,
    Looking,
    Progress,
    Report,
)
from desktop.file_names import readable
from desktop.window.own_models.jobs import Jobs
from desktop.window.own_models.name_check import NameCheck
from desktop.window.paths import local_path
from desktop.window.sentences import told
from desktop.window.session import Session


class Adding(QObject):
    """What is to be added now.

    `state` is `rest`, `looking`, `found`, `adding`, `added` or `failed`; `failed` with a candidate
    is an addition that did not come about, without one there is nothing that could be added.
    """

    changed = Signal()
    arrived = Signal(str, bool, arguments=["name", "bundle"])
    """A model is on the list."""

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._jobs = Jobs(self._on_report, self._on_end, self)
        self._check = NameCheck(session, self.changed.emit)
        self._state = "rest"
        self._candidates: list[Candidate] = []
        self._index = 0
        self._eyes = ""
        self._problems: list[str] = []
        self._looking = ""
        self._waiting: list[Path] = []
        """Given while another one was being added."""
        self._progress = Progress(0, 0, "")
        self._added: Added | None = None

    # What QML calls.

    @Slot("QVariantList")
    def look(self, urls: list[QUrl | str]) -> None:
        """Find out what files and folders are."""
        self.look_at([local_path(url if isinstance(url, QUrl) else QUrl(url)) for url in urls])

    @Slot(int)
    def choose(self, index: int) -> None:
        """Take another one of those that were found."""
        if 0 <= index < len(self._candidates):
            self._index = index
            self._offer()
            self.changed.emit()

    @Slot()
    def add(self) -> None:
        """Add the chosen one."""
        one = self._candidate
        if one is None or self._state not in ("found", "failed"):
            return
        self._problems, self._progress = [], Progress(0, 0, "")
        self._set("adding")
        wish = Add(one.path, one.purpose, self._check.name, self._eyes or WITHOUT, one.title)
        self._jobs.start(wish)

    @Slot()
    def cancel(self) -> None:
        """Stop what is under way."""
        self._jobs.cancel()

    @Slot()
    def again(self) -> None:
        """Go on with what is left of those that were found or given, or with none."""
        if self._waiting:
            self.look_at(self._waiting)
            return
        if self._added is not None:
            self._candidates = [one for one in self._candidates if one is not self._candidate]
        self._added, self._index = None, 0
        self._problems = []
        self._offer()
        self._set("found" if self._candidates else "rest")

    @Slot()
    def forget(self) -> None:
        """Have nothing to add any more."""
        if self._state != "adding":
            self._jobs.cancel()
            self._candidates, self._added = [], None
            self.again()

    # What the window tells.

    def look_at(self, paths: Sequence[Path]) -> None:
        """Find out what files and folders are."""
        if self._state == "adding":
            self._waiting = [*self._waiting, *paths]
            return
        if not paths:
            return
        self._waiting = []
        self._candidates, self._problems, self._added = [], [], None
        self._looking = readable(paths[0])
        self._set("looking")
        self._jobs.start(Look(tuple(map(str, paths))))

    def offer(self, one: Candidate) -> None:
        """Offer a model that was found elsewhere."""
        if self._state == "adding":
            return
        self._jobs.cancel()
        self._candidates, self._problems, self._added, self._index = [one], [], None, 0
        self._offer()
        self._set("found")

    def close(self) -> None:
        """Stop what is under way."""
        self._jobs.close()

    # What happens.

    def _on_report(self, report: Report) -> None:
        match report:
            case Looking():
                self._looking = report.path
            case Looked():
                self._candidates = list(report.candidates)
                self._problems = [told(problem) for problem in report.problems]
                self._index = 0
                self._offer()
            case Progress():
                self._progress = report
            case Added():
                self._added = report
        self.changed.emit()

    def _on_end(self, last: Last) -> None:
        was, done = self._state, self._added
        if isinstance(last, Failed):
            self._problems = [told(last.problem)]
            self._set("failed")
        elif isinstance(last, Cancelled) or (was == "adding" and done is None):
            self._set("found" if self._candidates else "rest")
        elif was == "adding" and done is not None:
            self._set("added")
            self.arrived.emit(done.name, done.bundle)
        else:
            self._set("found" if self._candidates else "failed")

    def _offer(self) -> None:
        """Propose what the chosen one is called and sees with."""
        one = self._candidate
        self._check.propose("" if one is None else one.name)
        first = "" if one is None or one.asks or not one.eyes else one.eyes[0].path
        self._eyes = first

    @property
    def _candidate(self) -> Candidate | None:
        return self._candidates[self._index] if self._index < len(self._candidates) else None

    def _set(self, state: str) -> None:
        self._state = state
        self.changed.emit()

    # What is shown.

    def _facts(self) -> dict[str, Any]:
        one = self._candidate
        if one is None:
            return {}
        facts: dict[str, Any] = msgspec.to_builtins(one)
        warnings = [told(problem) for problem in one.warnings]
        eyes = next((eye for eye in one.eyes if eye.path == self._eyes), None)
        sees, hears = (False, False) if eyes is None else (eyes.sees, eyes.hears)
        lists = {"languages": list(one.languages), "eyes": list(facts["eyes"])}
        return {**facts, **lists, "warnings": warnings, "sees": sees, "hears": hears}

    def _outcome(self) -> dict[str, Any]:
        done = self._added
        if done is None:
            return {}
        warnings = [told(problem) for problem in done.warnings]
        return {**msgspec.structs.asdict(done), "warnings": warnings}

    def _share(self) -> float:
        now = self._progress
        return now.done / now.total if now.total else 0.0

    def _use_eyes(self, path: str) -> None:
        if path != self._eyes:
            self._eyes = path
            self.changed.emit()

    state = Property(str, lambda self: self._state, notify=changed)
    titles = Property(
        "QStringList",  # type: ignore[arg-type]
        lambda self: [one.title for one in self._candidates],
        notify=changed,
    )
    index = Property(int, lambda self: self._index, notify=changed)
    facts = Property("QVariantMap", _facts, notify=changed)  # type: ignore[arg-type]
    outcome = Property("QVariantMap", _outcome, notify=changed)  # type: ignore[arg-type]
    problems = Property(
        "QStringList",  # type: ignore[arg-type]
        lambda self: self._problems,
        notify=changed,
    )
    looking = Property(str, lambda self: self._looking, notify=changed)
    share = Property(float, _share, notify=changed)
    bytesTotal = Property(float, lambda self: float(self._progress.total), notify=changed)  # noqa: N815
    file = Property(str, lambda self: self._progress.file, notify=changed)
    name = Property(
        str,
        lambda self: self._check.name,
        lambda self, name: self._check.use(name),
        notify=changed,
    )
    nameProblem = Property(str, lambda self: self._check.problem, notify=changed)  # noqa: N815
    eyes = Property(str, lambda self: self._eyes, _use_eyes, notify=changed)
