"""Short messages at the edge of the window: what was done, and what went wrong."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import count

from PySide6.QtCore import QObject, Slot

from desktop.window.listmodel import RowsModel

MAX_NOTICES = 5


@dataclass(frozen=True)
class Notice:
    """One message; its fields are roles."""

    noticeId: int  # noqa: N815  (roles are named as QML names things)
    kind: str
    """`info` or `error`."""
    key: str = ""
    """What was done, of an `info`."""
    text: str = ""


class Notices(RowsModel[Notice]):
    """The newest messages, oldest first; the same error is not said twice at once."""

    roles = ("noticeId", "kind", "key", "text")

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._ids = count(1)

    def inform(self, key: str, text: str = "") -> None:
        """Say what was done."""
        self._say(Notice(next(self._ids), "info", key, text))

    @Slot(str)
    def error(self, text: str) -> None:
        """Say what went wrong."""
        if not any(row.kind == "error" and row.text == text for row in self.rows):
            self._say(Notice(next(self._ids), "error", text=text))

    @Slot(int)
    def dismiss(self, notice_id: int) -> None:
        """Take one away."""
        for at, row in enumerate(self.rows):
            if row.noticeId == notice_id:
                self.drop(at)
                return

    def _say(self, notice: Notice) -> None:
        if len(self.rows) >= MAX_NOTICES:
            self.drop(0)
        self.append([notice])
