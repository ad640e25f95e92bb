"""Notes on the person's desktop, over the session bus of Linux: org.freedesktop.Notifications.

One thread has the connection; it is made with the first note. Knows the bus; knows no Qt and
nothing of what a note is about.
"""

from __future__ import annotations

import html
import logging
import queue
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jeepney import Message
    from jeepney.io.threading import DBusConnection

_log = logging.getLogger(__name__)
SERVICE, PATH = "org.freedesktop.Notifications", "/org/freedesktop/Notifications"
BUS = "org.freedesktop.DBus"
DEFAULT = "default"
"""The action of a click on the note itself."""
_NORMAL, _CRITICAL = 1, 2
_FOREVER, _AS_USUAL = 0, -1


@dataclass(frozen=True)
class Note:
    """What is to be shown."""

    key: str
    """A later note with the same key takes its place."""
    title: str
    text: str
    actions: tuple[tuple[str, str], ...] = ()
    """Buttons: name and words."""
    lasting: bool = False
    """Whether it stays until somebody has seen to it."""


@dataclass(frozen=True)
class _Withdraw:
    key: str


class DesktopBus:
    """The desktop's notes. Methods from any thread and quick; callbacks on the bus's own thread."""

    def __init__(
        self,
        acted: Callable[[str, str], None],
        unshown: Callable[[Note], None],
        bus: str = "SESSION",
    ) -> None:
        """Nothing is connected yet.

        Args:
            acted: told the key of a note and the action that a person chose.
            unshown: told of notes that the desktop does not show.
            bus: `SESSION`, or the address of a bus.
        """
        self._acted, self._unshown, self._bus = acted, unshown, bus
        self._waiting: queue.SimpleQueue[Note | _Withdraw | None] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None
        self._connection: DBusConnection | None = None
        self._ids: dict[str, int] = {}
        """The desktop's numbers of notes, by key."""
        self._sent: dict[int, Note] = {}
        """Notes without a number yet, by the serial of their message."""
        self._caller, self._capabilities = 0, frozenset[str]()

    def show(self, note: Note) -> None:
        """Show a note, or have `unshown` told."""
        self._put(note)

    def withdraw(self, key: str) -> None:
        """Take a note away."""
        if self._thread is not None:
            self._put(_Withdraw(key))

    def close(self) -> None:
        """Take all notes away and end the thread."""
        if self._thread is not None:
            self._put(None)
            self._thread.join()
            self._thread = None

    def _put(self, what: Note | _Withdraw | None) -> None:
        self._waiting.put(what)
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="medley-notes", daemon=True)
            self._thread.start()
        connection = self._connection
        if connection is not None:
            connection.interrupt()

    # On the thread.

    def _run(self) -> None:
        from jeepney.io.threading import ReceiveStopped, open_dbus_connection

        try:
            connection = open_dbus_connection(self._bus)
        except Exception as error:  # noqa: BLE001  (whatever a bus says: there are no notes then)
            _log.info("no notes on this desktop: %s", error)
            self._show_nothing()
            return
        try:
            self._introduce(connection)
            self._connection = connection
            going_on = self._send_all(connection)
            while going_on:
                try:
                    self._hear(connection.receive())
                except ReceiveStopped:
                    connection.reset_interrupt()
                    going_on = self._send_all(connection)
        except Exception as error:  # noqa: BLE001  (the bus is gone, or speaks nonsense)
            _log.info("the desktop takes no more notes: %s", error)
            self._connection = None
            for note in self._sent.values():
                self._unshown(note)
            self._show_nothing()
        finally:
            self._connection = None
            connection.close()

    def _show_nothing(self) -> None:
        """Without a bus every note is given back, until the end."""
        while (what := self._waiting.get()) is not None:
            if isinstance(what, Note):
                self._unshown(what)

    def _introduce(self, connection: DBusConnection) -> None:
        from jeepney import DBusAddress, MatchRule, new_method_call

        bus = DBusAddress("/org/freedesktop/DBus", BUS, BUS)
        rule = MatchRule(type="signal", interface=SERVICE, path=PATH).serialise()
        connection.send(new_method_call(bus, "AddMatch", "s", (rule,)))
        self._caller = next(connection.outgoing_serial)
        ask = new_method_call(DBusAddress(PATH, SERVICE, SERVICE), "GetCapabilities")
        connection.send(ask, serial=self._caller)

    def _send_all(self, connection: DBusConnection) -> bool:
        """Send what waits; False when that was all there will be."""
        from jeepney import DBusAddress, new_method_call

        desk = DBusAddress(PATH, SERVICE, SERVICE)
        while True:
            try:
                what = self._waiting.get_nowait()
            except queue.Empty:
                return True
            if isinstance(what, Note):
                serial = next(connection.outgoing_serial)
                self._sent[serial] = what
                call = new_method_call(desk, "Notify", "susssasa{sv}i", self._body(what))
                connection.send(call, serial=serial)
                continue
            keys = list(self._ids) if what is None else [what.key]
            for number in [self._ids.pop(key) for key in keys if key in self._ids]:
                connection.send(new_method_call(desk, "CloseNotification", "u", (number,)))
            if what is None:
                return False

    def _body(self, note: Note) -> tuple[object, ...]:
        takes_markup = "body-markup" in self._capabilities or not self._capabilities
        text = html.escape(note.text, quote=False) if takes_markup else note.text
        actions = [(DEFAULT, note.title), *note.actions]
        hints = {
            "urgency": ("y", _CRITICAL if note.lasting else _NORMAL),
            "desktop-entry": ("s", "medley"),
        }
        return (
            "Medley", self._ids.get(note.key, 0), "medley", note.title, text,
            [word for action in actions for word in action], hints,
            _FOREVER if note.lasting else _AS_USUAL,
        )  # fmt: skip

    def _hear(self, message: Message) -> None:
        from jeepney import HeaderFields, MessageType

        fields, kind = message.header.fields, message.header.message_type
        if kind in (MessageType.method_return, MessageType.error):
            self._take_reply(fields.get(HeaderFields.reply_serial), message)
        elif kind is MessageType.signal and fields.get(HeaderFields.interface) == SERVICE:
            self._take_signal(str(fields.get(HeaderFields.member)), message.body)

    def _take_reply(self, serial: int | None, message: Message) -> None:
        from jeepney import MessageType

        failed = message.header.message_type is MessageType.error
        if serial == self._caller and not failed:
            self._capabilities = frozenset(message.body[0])
        note = None if serial is None else self._sent.pop(serial, None)
        if note is None:
            return
        if failed:
            self._unshown(note)
        else:
            self._ids[note.key] = message.body[0]

    def _take_signal(self, member: str, body: tuple[object, ...]) -> None:
        key = next((key for key, number in self._ids.items() if number == body[0]), None)
        if key is None:
            return  # It is another program's.
        if member == "ActionInvoked":
            self._acted(key, str(body[1]))
        elif member == "NotificationClosed":
            del self._ids[key]
