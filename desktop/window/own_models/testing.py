"""The self-test of a bundle as the sheet shows it: step by step, with what came of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import Property, QObject, Signal, Slot

from desktop.assistant.own_models.protocol import Done, Failed, Last, Report, Test, Tested, Tried
from desktop.window.listmodel import RowsModel
from desktop.window.own_models.jobs import Jobs
from desktop.window.sentences import told
from runtime.self_test.outcomes import SelfTest


@dataclass(frozen=True)
class StepRow:
    """One step that is over; its fields are roles."""

    step: str
    outcome: str
    sentence: str


class Testing(RowsModel[StepRow]):
    """The steps of the last test that was begun; `state` is `rest`, `running`, `done`, `stopped` or
    `failed`."""

    stateChanged = Signal()  # noqa: N815  (Qt names signals so)
    tested = Signal(str, arguments=["name"])
    """A test of a bundle is over, and what came of it is kept."""
    roles = ("step", "outcome", "sentence")

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._jobs = Jobs(self._on_report, self._on_end, self)
        self._state, self._name, self._problem = "rest", "", ""
        self._of = 0
        self._found: SelfTest | None = None

    @Slot(str)
    def start(self, name: str) -> None:
        """Test a bundle."""
        self.reset([])
        self._name, self._problem, self._of, self._found = name, "", 0, None
        self._set("running")
        self._jobs.start(Test(name))

    @Slot()
    def cancel(self) -> None:
        """Stop the test; nothing is kept of it."""
        self._jobs.cancel()

    @Slot()
    def dismiss(self) -> None:
        """Say no more about the last test."""
        if self._state != "running":
            self._set("rest")

    def close(self) -> None:
        """Stop what is under way."""
        self._jobs.close()

    def _on_report(self, report: Report) -> None:
        match report:
            case Tried(step):
                self._of = step.of
                self.append([StepRow(step.step, step.outcome, told(step.sentence))])
            case Tested(found):
                self._found = found
        self.stateChanged.emit()

    def _on_end(self, last: Last) -> None:
        if isinstance(last, Failed):
            self._problem = told(last.problem)
            self._set("failed")
        elif isinstance(last, Done) and self._found is not None:
            self._set("done")
            self.tested.emit(self._name)
        else:
            self._set("stopped")

    def _set(self, state: str) -> None:
        self._state = state
        self.stateChanged.emit()

    def _share(self) -> float:
        return len(self.rows) / self._of if self._of else 0.0

    state = Property(str, lambda self: self._state, notify=stateChanged)
    name = Property(str, lambda self: self._name, notify=stateChanged)
    problem = Property(str, lambda self: self._problem, notify=stateChanged)
    share = Property(float, _share, notify=stateChanged)
    facts = Property(
        "QVariantMap",  # type: ignore[arg-type]
        lambda self: described(self._found),
        notify=stateChanged,
    )


def described(found: SelfTest | None) -> dict[str, Any]:
    """What a list says of a test: speeds in tokens per second, memory in bytes; empty for none."""
    if found is None:
        return {}
    failed = [step.step for step in found.steps if step.outcome == "failed"]
    return {
        "ok": found.ok,
        "failed": failed,
        "sees": "" if found.sees is None else "yes" if found.sees else "no",
        "hears": "" if found.hears is None else "yes" if found.hears else "no",
        "speed": found.decode_per_s,
        "reading": found.prefill_per_s,
        "memory": float(found.peak_bytes),
        "context": found.n_ctx,
    }
