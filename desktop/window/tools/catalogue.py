"""The tools that there are, as they were said last."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Property, QObject, Signal, Slot

from desktop.tools.protocol import BUILT_IN, ToolInfo, Tools
from desktop.window.listmodel import RowsModel
from desktop.window.sentences import told
from desktop.window.session import Session
from desktop.window.tools.words import visible


@dataclass(frozen=True)
class ToolRow:
    """One tool; its fields are roles."""

    server: str
    name: str
    called: str
    description: str
    touches: tuple[str, ...]
    asks: str
    notice: str


class Catalogue(RowsModel[ToolRow]):
    """Medley's own tools, then those of others."""

    stateChanged = Signal()  # noqa: N815  (Qt names signals so)
    roles = ("server", "name", "called", "description", "touches", "asks", "notice")

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._problems: list[str] = []
        self._looking = False
        session.toolsChanged.connect(self.show)

    @Slot()
    def refresh(self) -> None:
        """Look what there is; the tools process is started for it where there is none."""
        self._set_looking(True)

        def failed(error: Exception) -> None:
            self._set_looking(False)
            self._problems = [told(error)]
            self.stateChanged.emit()

        self._session.ask(lambda now: now.agent.tools(), self.show, failed, queue="tools")

    def show(self, tools: Tools) -> None:
        """Show what there is now."""
        self._problems = [told(problem) for problem in tools.problems]
        self._set_looking(False)
        rows = [_row(tool) for tool in tools.tools]
        rows.sort(key=lambda row: (row.server != BUILT_IN, row.server))
        self.update(rows, key=lambda row: (row.server, row.name))
        self.stateChanged.emit()

    def _set_looking(self, looking: bool) -> None:
        if looking != self._looking:
            self._looking = looking
            self.stateChanged.emit()

    def value(self, row: int, role: str) -> object:
        """What QML sees of a row; a tuple is a list there."""
        found = getattr(self._rows[row], role)
        return list(found) if isinstance(found, tuple) else found

    looking = Property(bool, lambda self: self._looking, notify=stateChanged)
    problems = Property(list, lambda self: list(self._problems), notify=stateChanged)


def _row(tool: ToolInfo) -> ToolRow:
    return ToolRow(
        visible(tool.server),
        visible(tool.name),
        visible(tool.title),
        visible(tool.description),
        tuple(tool.touches),
        tool.asks,
        "" if tool.notice is None else told(tool.notice),
    )
