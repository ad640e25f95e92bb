"""The engine as the window shows it: one state, with reasons and figures."""

from __future__ import annotations

from PySide6.QtCore import Property, QObject, Signal, Slot

from desktop.window.sentences import told
from desktop.window.session import Session
from runtime.bundle.bundle import EMBEDDED, STARTER, chosen_name
from runtime.worker.client import EngineState

_TITLES = {STARTER: "Starter", EMBEDDED: "Pocket"}
_STATES = {"not_started": "off", "starting": "starting", "ready": "ready", "busy": "busy"}


class EngineView(QObject):
    """What the engine chip shows."""

    changed = Signal()

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.state_now = EngineState()
        self._title = ""
        """Of the bundle that answered last: one that went down keeps its name."""
        self._off: frozenset[str] = frozenset()
        """Plugins that were switched off here."""
        self._watched: int | None = None
        session.engineChanged.connect(self._on_state)
        session.answerEnded.connect(lambda _: self.changed.emit())
        session.preferencesChanged.connect(self.changed)

    @Slot()
    def start(self) -> None:
        """Start the engine."""
        self._session.start_engine()

    @Slot()
    def restart(self) -> None:
        """End the engine at once and start a fresh one."""
        self._session.ask(lambda now: now.assistant.restart())

    @Slot(str)
    def switchOff(self, plugin: str) -> None:  # noqa: N802  (QML names slots so)
        """Switch a plugin off for good that ended the engine."""

        def done(_: None) -> None:
            self._off = self._off | {plugin}
            self.changed.emit()

        self._session.ask(lambda now: now.assistant.switch_off(plugin), done, queue="files")

    def watch(self, conversation: int | None) -> None:
        """Tell of the answer in a conversation how many come first."""
        self._watched = conversation
        self.changed.emit()

    def _ahead(self) -> int:
        now = self._session.now
        if now is None or self._watched is None or not self.state_now.waiting:
            return 0
        return now.assistant.answers.ahead_of(self._watched)

    def _on_state(self, state: EngineState) -> None:
        if state != self.state_now:
            self.state_now = state
            self._title = state.title or ("" if state.phase == "not_started" else self._title)
            self.changed.emit()

    def _state(self) -> str:
        if self.state_now.phase == "starting" and self.state_now.loading is not None:
            return "loading"
        return _STATES.get(self.state_now.phase, "down")

    def _expected(self) -> str:
        """The name of the bundle that will answer, where it is one that everybody has."""
        return _TITLES.get(self._bundle(), "")

    def _bundle(self) -> str:
        return self.state_now.bundle or chosen_name(self._session.default_bundle)

    def _reason(self) -> str:
        """Why it is down."""
        problem = self.state_now.problem
        return "" if problem is None else told(problem)

    def _notice(self) -> str:
        """How the language model is loaded otherwise than its bundle says."""
        notice = self.state_now.notice
        return "" if notice is None else told(notice)

    def _progress(self) -> float:
        loading = self.state_now.loading
        return -1.0 if loading is None else (loading.number - 1) / max(loading.of, 1)

    state = Property(str, _state, notify=changed)
    reason = Property(str, _reason, notify=changed)
    notice = Property(str, _notice, notify=changed)
    bundle = Property(str, lambda self: self._title or self._expected(), notify=changed)
    remote = Property(str, lambda self: self._session.remote, notify=changed)
    """Name of the other computer that answers; empty is this one."""
    device = Property(str, lambda self: self.state_now.device, notify=changed)
    memoryBytes = Property(  # noqa: N815  (QML names properties so)
        float, lambda self: float(self.state_now.memory.process), notify=changed
    )
    memoryBudgetBytes = Property(  # noqa: N815
        float, lambda self: float(self.state_now.memory.budget or 0), notify=changed
    )
    progress = Property(float, _progress, notify=changed)
    loading = Property(
        str,
        lambda self: "" if self.state_now.loading is None else self.state_now.loading.part,
        notify=changed,
    )

    ahead = Property(int, _ahead, notify=changed)
    """Answers that come before that of the watched conversation."""
    waiting = Property(int, lambda self: self.state_now.waiting, notify=changed)
    pocket = Property(
        bool,
        lambda self: self._bundle() == EMBEDDED,
        notify=changed,
    )
    starter = Property(bool, lambda self: self._bundle() == STARTER, notify=changed)
    suspended = Property(
        list,
        lambda self: [name for name in self.state_now.suspended if name not in self._off],
        notify=changed,
    )
    switchedOff = Property(list, lambda self: sorted(self._off), notify=changed)  # noqa: N815
