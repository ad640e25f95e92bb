"""What tools may do in the open conversation: whether the model may ask for them, and the folders
they may reach into.

A conversation that does not exist yet keeps its folders here until its first message is sent.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path

from PySide6.QtCore import Property, QObject, QUrl, Signal, Slot

from desktop.file_names import readable
from desktop.window.listmodel import RowsModel
from desktop.window.paths import local_path
from desktop.window.session import OpenLibrary, Session
from desktop.window.settings.manner import MannerView
from plugins.errors import KnownError, phrase
from storage.records import Changed

HOME = Path.home()
NO_FOLDER = phrase("expected a folder of this machine, found none. Choose another one.")


@dataclass(frozen=True)
class FolderRow:
    """A granted folder; its fields are roles."""

    folderId: int  # noqa: N815  (roles are named as QML names things)
    """Below 0 for one of a conversation that does not exist yet."""
    path: str
    """As the system has it; no role."""
    shown: str
    """As a person reads it."""
    name: str
    writable: bool
    everywhere: bool
    """Whether it is granted to every conversation."""


class Folders(RowsModel[FolderRow]):
    """Granted folders, in the order in which they were granted."""

    roles = ("folderId", "shown", "name", "writable", "everywhere")


class ConversationTools(QObject):
    """The switch and the folders of the open conversation."""

    changed = Signal()
    foldersChanged = Signal()  # noqa: N815  (Qt names signals so)

    def __init__(self, session: Session, manner: MannerView, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session, self._manner = session, manner
        self._conversation: int | None = None
        self._pending: list[FolderRow] = []
        """Of a conversation that does not exist yet."""
        self._numbers = count(-1, -1)
        self.folders_model = Folders(self)
        self.folders_model.countChanged.connect(self.foldersChanged)
        manner.changed.connect(self.changed)
        session.preferencesChanged.connect(self.changed)
        session.opened.connect(self._read)
        session.changed.connect(self._on_change)

    def open(self, conversation: int | None) -> None:
        """Another conversation is shown."""
        if conversation != self._conversation:
            self._conversation = conversation
            self._pending = []
            self._read()

    def adopt(self, conversation: int) -> None:
        """The conversation that did not exist yet does now; its folders are kept."""
        self._conversation = conversation
        pending, self._pending = self._pending, []
        for row in pending:
            self._grant(row.path, row.writable, conversation)
        self._read()

    # What QML calls.

    @Slot(bool)
    def setOn(self, on: bool) -> None:  # noqa: N802  (QML names slots so)
        """Let the model ask for tools in this conversation, or not."""
        usual = self._session.preferences.tools
        self._manner.keep_tools(None if on == usual else on)

    @Slot(QUrl, bool)
    def grant(self, url: QUrl, writable: bool) -> None:
        """Let tools of this conversation reach into a folder."""
        found = granted_path(url)
        if found is None:
            self._session.announce(KnownError(NO_FOLDER))
        elif self._conversation is None:
            row = folder_row(next(self._numbers), found, writable, everywhere=False)
            self._pending = [one for one in self._pending if one.path != found] + [row]
            self._read()
        else:
            self._grant(found, writable, self._conversation)

    @Slot(int, bool)
    def setWritable(self, folder_id: int, writable: bool) -> None:  # noqa: N802
        """Let tools write into a granted folder, or only read there."""
        row = next((row for row in self.folders_model.rows if row.folderId == folder_id), None)
        if row is None:
            return
        if folder_id < 0:
            self._pending = [
                replace(one, writable=writable) if one.folderId == folder_id else one
                for one in self._pending
            ]
            self._read()
            return
        self._grant(row.path, writable, None if row.everywhere else self._conversation)

    @Slot(int)
    def withdraw(self, folder_id: int) -> None:
        """Let tools reach into a folder no more."""
        if folder_id < 0:
            self._pending = [one for one in self._pending if one.folderId != folder_id]
            self._read()
            return
        self._session.ask(lambda now: now.library.tools.withdraw(folder_id))

    def _grant(self, path: str, writable: bool, conversation: int | None) -> None:
        self._session.ask(lambda now: now.library.tools.grant(path, writable, conversation))

    def _on_change(self, change: Changed) -> None:
        if "tools" in change.kinds:
            self._read()

    def _read(self) -> None:
        conversation, pending = self._conversation, list(self._pending)
        read_folders(
            self._session, conversation, lambda rows: self._show(conversation, rows, pending)
        )

    def _show(
        self, conversation: int | None, rows: list[FolderRow], pending: list[FolderRow]
    ) -> None:
        if conversation == self._conversation and pending == self._pending:
            self.folders_model.update([*rows, *pending], key=lambda row: row.path)
            self.foldersChanged.emit()

    def _is_on(self) -> bool:
        own = self._manner.now.tools
        return self._session.preferences.tools if own is None else own

    def _told(self) -> str:
        """The folders in a few words, for a chip."""
        names = [row.name for row in self.folders_model.rows]
        return names[0] if len(names) == 1 else str(len(names)) if names else ""

    on = Property(bool, _is_on, notify=changed)
    folders = Property(QObject, lambda self: self.folders_model, constant=True)
    folderCount = Property(  # noqa: N815
        int, lambda self: self.folders_model.rowCount(), notify=foldersChanged
    )
    told = Property(str, _told, notify=foldersChanged)


class AllFolders(QObject):
    """The folders that every conversation's tools may reach into."""

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.model = Folders(self)
        session.changed.connect(self._on_change)

    @Slot()
    def refresh(self) -> None:
        """Read them anew."""
        read_folders(self._session, None, self._show)

    @Slot(QUrl, bool)
    def grant(self, url: QUrl, writable: bool) -> None:
        """Let tools of all conversations reach into a folder."""
        found = granted_path(url)
        if found is None:
            self._session.announce(KnownError(NO_FOLDER))
        else:
            self._session.ask(lambda now: now.library.tools.grant(found, writable, None))

    @Slot(int, bool)
    def setWritable(self, folder_id: int, writable: bool) -> None:  # noqa: N802
        """Let tools write into a granted folder, or only read there."""
        path = next((row.path for row in self.model.rows if row.folderId == folder_id), None)
        if path is not None:
            self._session.ask(lambda now: now.library.tools.grant(path, writable, None))

    @Slot(int)
    def withdraw(self, folder_id: int) -> None:
        """Let tools reach into a folder no more."""
        self._session.ask(lambda now: now.library.tools.withdraw(folder_id))

    def _on_change(self, change: Changed) -> None:
        if "tools" in change.kinds:
            self.refresh()

    def _show(self, rows: list[FolderRow]) -> None:
        self.model.update(rows, key=lambda row: row.path)

    folders = Property(QObject, lambda self: self.model, constant=True)


def read_folders(
    session: Session, conversation: int | None, show: Callable[[list[FolderRow]], None]
) -> None:
    """Read the folders of a conversation, those of all among them."""

    def work(now: OpenLibrary) -> list[FolderRow]:
        return [
            folder_row(
                folder.id, folder.path, folder.writable, everywhere=folder.conversation_id is None
            )
            for folder in now.library.tools.folders(conversation)
        ]

    session.ask(work, show)


def folder_row(folder_id: int, path: str, writable: bool, *, everywhere: bool) -> FolderRow:
    """A folder as a person reads it: `~` for their own."""
    whole = readable(Path(path))
    home = readable(HOME)
    short = f"~{whole[len(home) :]}" if whole.startswith(f"{home}{os.sep}") else whole
    name = readable(Path(Path(path).name or path))
    return FolderRow(folder_id, path, short, name, writable, everywhere)


def granted_path(url: QUrl) -> str | None:
    """The whole path of a folder, links resolved; None where there is none."""
    path = local_path(url)
    try:
        whole = path.resolve(strict=True)
    except OSError:
        return None
    return str(whole) if whole.is_dir() else None
