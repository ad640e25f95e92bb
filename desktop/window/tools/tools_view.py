"""Everything of tools in the window: cards, the switch, the sheet, reminders.

Ties these to the rest of the window: marks in the sidebar, notes on the desktop, toasts.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Property, QObject, Slot

from desktop.window.notices import Notices
from desktop.window.notifications import Notifications
from desktop.window.sentences import told
from desktop.window.session import Session
from desktop.window.settings.manner import MannerView
from desktop.window.sidebar.conversations import Conversations
from desktop.window.tools.calls import Calls, Find
from desktop.window.tools.catalogue import Catalogue
from desktop.window.tools.history import History
from desktop.window.tools.memories import Memories
from desktop.window.tools.permissions import Permissions
from desktop.window.tools.reminders import KEY, ReminderRow, Reminders
from desktop.window.tools.servers import Servers
from desktop.window.tools.switch import AllFolders, ConversationTools
from plugins.errors import phrase

CONSENT = "consent"
DONE, SNOOZE = "done", "snooze"


class ToolsView(QObject):
    """All of it, as QML has it."""

    def __init__(
        self,
        session: Session,
        manner: MannerView,
        conversations: Conversations,
        notices: Notices,
        notifications: Notifications,
        find: Find,
        parent: QObject | None = None,
    ) -> None:
        """`find` is as for `Calls`."""
        super().__init__(parent)
        self._session, self._conversations = session, conversations
        self._notices, self._notes = notices, notifications
        self.calls_view = Calls(session, find, self)
        self.here_view = ConversationTools(session, manner, self)
        self.everywhere_view = AllFolders(session, self)
        self.catalogue_model = Catalogue(session, self)
        self.servers_model = Servers(session, self)
        self.permissions_model = Permissions(session, self)
        self.history_model = History(session, self)
        self.memories_model = Memories(session, self)
        self.reminders_view = Reminders(session, self)
        self.calls_view.copied.connect(lambda: notices.inform("copied"))
        self.calls_view.waitingChanged.connect(self._mark)
        self.calls_view.began.connect(self._on_waiting)
        self.calls_view.ended.connect(lambda message: notifications.withdraw(_consent(message)))
        self.memories_model.exported.connect(lambda path: notices.inform("exported", path))
        self.reminders_view.rang.connect(self._on_ring)
        self.reminders_view.silenced.connect(lambda number: notifications.withdraw(_ring(number)))
        notifications.opened.connect(self._on_note)
        notifications.acted.connect(self._on_action)
        session.host.notify_by = self._notes.show

    @Slot()
    def refresh(self) -> None:
        """Read everything that the sheet shows: it opens."""
        for part in (
            self.everywhere_view, self.catalogue_model, self.servers_model, self.permissions_model,
            self.history_model, self.memories_model, self.reminders_view,
        ):  # fmt: skip
            part.refresh()

    @Slot()
    def rest(self) -> None:
        """The sheet was closed."""
        self.history_model.rest()
        self.memories_model.rest()

    # What happens.

    def _mark(self) -> None:
        self._conversations.mark_waiting(self.calls_view.conversations)

    def _on_waiting(self, message_id: int, tool: str) -> None:
        """Something waits: seen where its conversation is open, told where the person is not."""
        conversation = self.calls_view.conversation_of(message_id)
        if conversation is None:
            return
        if self._notes.away:
            title = told(phrase("Medley waits for your answer"))
            text = told(phrase("A tool asks to be used: {tool}", tool=tool))
            self._notes.show(_consent(message_id), title, text, lasting=True)
        elif str(conversation) != self._conversations.property("current"):
            self._session.ask(
                lambda now: now.library.conversations.get(conversation),
                lambda found: self._notices.inform("waiting", found.title or found.opening),
            )

    def _on_ring(self, rows: Sequence[ReminderRow]) -> None:
        """Reminders that were missed together are one note; every one has its toast."""
        buttons = {DONE: told(phrase("Done")), SNOOZE: told(phrase("In 10 minutes"))}
        title = told(phrase("Reminder"))
        if len(rows) == 1:
            row = rows[0]
            self._notes.show(_ring(row.reminderId), title, row.text, buttons, lasting=True)
        else:
            text = "; ".join(row.text for row in rows)
            several = told(phrase("{count} reminders", count=len(rows)))
            self._notes.show(f"{KEY}/several", several, text, lasting=True)

    def _on_note(self, key: str) -> None:
        """A person clicked on a note: what it is about is shown."""
        kind, _, number = key.partition("/")
        if kind == CONSENT and number.isdigit():
            conversation = self.calls_view.conversation_of(int(number))
            if conversation is not None:
                self._conversations.openHit(str(conversation), number)

    def _on_action(self, key: str, action: str) -> None:
        kind, _, number = key.partition("/")
        if kind == KEY and number.isdigit():
            if action == DONE:
                self.reminders_view.done(int(number))
            elif action == SNOOZE:
                self.reminders_view.snooze(int(number))

    cards = Property(QObject, lambda self: self.calls_view, constant=True)
    here = Property(QObject, lambda self: self.here_view, constant=True)
    everywhere = Property(QObject, lambda self: self.everywhere_view, constant=True)
    catalogue = Property(QObject, lambda self: self.catalogue_model, constant=True)
    servers = Property(QObject, lambda self: self.servers_model, constant=True)
    permissions = Property(QObject, lambda self: self.permissions_model, constant=True)
    history = Property(QObject, lambda self: self.history_model, constant=True)
    memories = Property(QObject, lambda self: self.memories_model, constant=True)
    reminders = Property(QObject, lambda self: self.reminders_view, constant=True)


def _consent(message_id: int) -> str:
    return f"{CONSENT}/{message_id}"


def _ring(reminder_id: int) -> str:
    return f"{KEY}/{reminder_id}"
