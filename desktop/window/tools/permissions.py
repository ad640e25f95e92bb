"""What a person decided on tools for all times, to be read and revoked."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QObject, Slot

from desktop.window.listmodel import RowsModel
from desktop.window.session import OpenLibrary, Session
from desktop.window.tools.switch import folder_row
from desktop.window.tools.words import visible
from storage.records import Changed


@dataclass(frozen=True)
class PermissionRow:
    """One decision; its fields are roles."""

    permissionId: int  # noqa: N815  (roles are named as QML names things)
    server: str
    tool: str
    folder: str
    """Empty where it is for no folder."""
    allowed: bool
    time: float


class Permissions(RowsModel[PermissionRow]):
    """All decisions, the newest first."""

    roles = ("permissionId", "server", "tool", "folder", "allowed", "time")

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        session.changed.connect(self._on_change)

    @Slot()
    def refresh(self) -> None:
        """Read them anew."""
        self._session.ask(_read, self._show)

    @Slot(int)
    def revoke(self, permission_id: int) -> None:
        """Have the person asked again."""
        self._session.ask(lambda now: now.library.tools.revoke(permission_id))

    def _on_change(self, change: Changed) -> None:
        if "tools" in change.kinds:
            self.refresh()

    def _show(self, rows: list[PermissionRow]) -> None:
        self.update(rows, key=lambda row: row.permissionId)


def _read(now: OpenLibrary) -> list[PermissionRow]:
    return [
        PermissionRow(
            one.id,
            visible(one.server),
            visible(one.tool),
            folder_row(0, one.folder, False, everywhere=True).shown if one.folder else "",
            one.decision == "always",
            float(one.created_ms),
        )
        for one in now.library.tools.decisions()
    ]
