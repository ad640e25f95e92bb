"""The form in which a bundle is composed: a choice for each part, a name, how far it is."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Property, QObject, QUrl, Signal, Slot

from desktop.assistant.own_models.protocol import (
    Added,
    Cancelled,
    Candidate,
    Failed,
    Last,
    Make,
    Progress,
    Report,
)
from desktop.file_names import readable_name
from desktop.window.own_models.jobs import Jobs
from desktop.window.own_models.name_check import NameCheck
from desktop.window.own_models.parts import PARTS, Option, options
from desktop.window.paths import local_path
from desktop.window.sentences import told
from desktop.window.session import Session

NAME = "my-bundle"


class Making(QObject):
    """One bundle to be; `state` is `rest`, `making`, `made` or `failed`."""

    changed = Signal()
    arrived = Signal(str, bool, arguments=["name", "bundle"])
    """A bundle was composed."""

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._jobs = Jobs(self._on_report, self._on_end, self)
        self._check = NameCheck(session, self.changed.emit)
        self._options: dict[str, list[Option]] = {part: [] for part in PARTS}
        self._own: dict[str, list[Option]] = {part: [] for part in PARTS}
        """Files and folders that the person chose."""
        self._chosen = dict.fromkeys(PARTS, "")
        self._state, self._problem = "rest", ""
        self._progress = Progress(0, 0, "")
        self._made: Added | None = None

    # What QML calls.

    @Slot()
    def refresh(self) -> None:
        """Look what there is to compose of."""
        self._session.ask(lambda _: (options(), _free()), self._take, queue="models")

    @Slot(str, str)
    def choose(self, part: str, value: str) -> None:
        """Take something for a part: a name, a path, `none`; empty is what comes by itself."""
        if part in self._chosen and value != self._chosen[part]:
            self._chosen[part] = value
            self.changed.emit()

    @Slot(str, QUrl)
    def chooseFile(self, part: str, url: QUrl) -> None:  # noqa: N802  (QML names slots so)
        """Take a file or a folder for a part."""
        path = local_path(url)
        self.offer(part, path, readable_name(path))
        self.choose(part, str(path))

    @Slot()
    def make(self) -> None:
        """Compose the bundle."""
        if self._state == "making" or not self._chosen["talk"]:
            return
        self._problem, self._made, self._progress = "", None, Progress(0, 0, "")
        self._set("making")
        decoders = {part: self._chosen[part] for part in ("image", "audio", "video")}
        see, hear, speak = (self._chosen[part] for part in ("see", "hear", "speak"))
        name, talk = self._check.name, self._chosen["talk"]
        self._jobs.start(Make(name, talk, decoders, see, hear, speak))

    @Slot()
    def cancel(self) -> None:
        """Stop what is under way."""
        self._jobs.cancel()

    @Slot()
    def again(self) -> None:
        """Compose another one."""
        self._made, self._problem = None, ""
        self._set("rest")
        self.refresh()

    # What the window tells.

    def offer(self, part: str, path: Path, title: str) -> None:
        """Have something more to choose for a part."""
        option = Option(str(path), title)
        if option not in self._own[part]:
            self._own[part].append(option)
            self.changed.emit()

    def offer_found(self, found: list[Candidate]) -> None:
        """Have the models that other programs have to choose among."""
        for one in found:
            self.offer("talk", Path(one.path), one.title)

    def close(self) -> None:
        """Stop what is under way."""
        self._jobs.close()

    # What happens.

    def _take(self, found: tuple[dict[str, list[Option]], str]) -> None:
        self._options, free = found
        if not self._check.name or self._check.problem:
            self._check.propose(free)
        talkers = self._all("talk")
        if not self._chosen["talk"] and talkers:
            self._chosen["talk"] = talkers[0].value
        self.changed.emit()

    def _on_report(self, report: Report) -> None:
        match report:
            case Progress():
                self._progress = report
            case Added():
                self._made = report
        self.changed.emit()

    def _on_end(self, last: Last) -> None:
        made = self._made
        if isinstance(last, Failed):
            self._problem = told(last.problem)
            self._set("failed")
        elif isinstance(last, Cancelled) or made is None:
            self._set("rest")
        else:
            self._check.propose("")
            self._set("made")
            self.arrived.emit(made.name, made.bundle)

    def _all(self, part: str) -> list[Option]:
        return [*self._options[part], *self._own[part]]

    def _set(self, state: str) -> None:
        self._state = state
        self.changed.emit()

    # What is shown.

    def _listed(self) -> dict[str, list[dict[str, str]]]:
        return {
            part: [{"value": one.value, "text": one.title} for one in self._all(part)]
            for part in PARTS
        }

    def _outcome(self) -> dict[str, object]:
        made = self._made
        if made is None:
            return {}
        warnings = [told(problem) for problem in made.warnings]
        return {"name": made.name, "title": made.title, "bundle": True, "warnings": warnings}

    def _share(self) -> float:
        now = self._progress
        return now.done / now.total if now.total else 0.0

    state = Property(str, lambda self: self._state, notify=changed)
    problem = Property(str, lambda self: self._problem, notify=changed)
    options = Property("QVariantMap", _listed, notify=changed)  # type: ignore[arg-type]
    chosen = Property(
        "QVariantMap",  # type: ignore[arg-type]
        lambda self: dict(self._chosen),
        notify=changed,
    )
    outcome = Property("QVariantMap", _outcome, notify=changed)  # type: ignore[arg-type]
    share = Property(float, _share, notify=changed)
    file = Property(str, lambda self: self._progress.file, notify=changed)
    name = Property(
        str,
        lambda self: self._check.name,
        lambda self, name: self._check.use(name),
        notify=changed,
    )
    nameProblem = Property(str, lambda self: self._check.problem, notify=changed)  # noqa: N815


def _free() -> str:
    """A name that nothing has yet."""
    from runtime.composition import names

    return names.suggested(NAME)
