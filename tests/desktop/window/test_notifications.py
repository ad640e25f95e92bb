"""Notes on a desktop: a real session bus, with a desktop that keeps what it is shown."""

from __future__ import annotations

import shutil
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jeepney import HeaderFields, MessageType, new_error, new_method_return, new_signal
from jeepney.bus_messages import message_bus
from jeepney.io.threading import DBusConnection, ReceiveStopped, open_dbus_connection
from jeepney.wrappers import DBusAddress
from pytestqt.qtbot import QtBot

from desktop.window.desktop_bus import PATH, SERVICE
from desktop.window.notifications import LONGEST, Notifications
from tests.desktop.window.driver import LIMIT_MS

pytestmark = pytest.mark.skipif(
    shutil.which("dbus-daemon") is None, reason="needs the program dbus-daemon"
)


class Desktop:
    """Shows notes, as the desktop's own program does."""

    def __init__(self, bus: str, takes_none: bool = False) -> None:
        self.shown: list[tuple[Any, ...]] = []
        self.closed: list[int] = []
        self._takes_none = takes_none
        self._connection: DBusConnection = open_dbus_connection(bus)
        self._connection.send(message_bus.RequestName(SERVICE))
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()

    def press(self, number: int, action: str) -> None:
        """A person presses a button of a note."""
        self._tell("ActionInvoked", "us", (number, action))
        self._tell("NotificationClosed", "uu", (number, 2))

    def close(self) -> None:
        """Leave the bus."""
        self._connection.interrupt()
        self._thread.join()
        self._connection.close()

    def _tell(self, member: str, signature: str, body: tuple[Any, ...]) -> None:
        place = DBusAddress(PATH, interface=SERVICE)
        self._connection.send(new_signal(place, member, signature, body))

    def _serve(self) -> None:
        while True:
            try:
                message = self._connection.receive()
            except ReceiveStopped:
                return
            if message.header.message_type is MessageType.method_call:
                self._connection.send(self._answer(message))

    def _answer(self, message: Any) -> Any:
        member = message.header.fields[HeaderFields.member]
        if member == "GetCapabilities":
            return new_method_return(message, "as", (["actions", "body", "body-markup"],))
        if member == "CloseNotification":
            self.closed.append(message.body[0])
            return new_method_return(message)
        if self._takes_none:
            return new_error(message, "org.freedesktop.DBus.Error.Failed")
        self.shown.append(message.body)
        return new_method_return(message, "u", (message.body[1] or len(self.shown),))


@pytest.fixture
def bus(tmp_path: Path) -> Iterator[str]:
    """The address of a bus of its own."""
    address = f"unix:path={tmp_path / 'bus'}"
    program = subprocess.Popen(
        ["dbus-daemon", "--session", "--nofork", "--nopidfile", f"--address={address}",
         "--print-address"],
        stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert program.stdout is not None
    assert program.stdout.readline()
    yield address
    program.terminate()
    program.wait()
    program.stdout.close()


def test_a_note_is_shown_replaced_pressed_and_taken_away(bus: str, qtbot: QtBot) -> None:
    desktop = Desktop(bus)
    notes = Notifications(bus=bus)
    acted: list[tuple[str, str]] = []
    opened: list[str] = []
    notes.acted.connect(lambda key, action: acted.append((key, action)))
    notes.opened.connect(opened.append)

    notes.show("reminder/1", "Tea", "a < b & c", {"done": "Done"}, lasting=True)
    qtbot.waitUntil(lambda: len(desktop.shown) == 1, timeout=LIMIT_MS)
    name, number, _, title, text, actions, hints, time = desktop.shown[0]
    assert (name, number, title) == ("Medley", 0, "Tea")
    assert text == "a &lt; b &amp; c"
    assert actions == ["default", "Tea", "done", "Done"]
    assert (hints["urgency"], time) == (("y", 2), 0)

    notes.show("answer/2", "Done", "x" * 1000)
    qtbot.waitUntil(lambda: len(desktop.shown) == 2, timeout=LIMIT_MS)
    assert len(desktop.shown[1][4]) == LONGEST

    notes.show("reminder/1", "Tea again")
    qtbot.waitUntil(lambda: len(desktop.shown) == 3, timeout=LIMIT_MS)
    assert desktop.shown[2][1] == 1

    desktop.press(1, "done")
    qtbot.waitUntil(lambda: acted == [("reminder/1", "done")], timeout=LIMIT_MS)
    desktop.press(2, "default")
    qtbot.waitUntil(lambda: opened == ["answer/2"], timeout=LIMIT_MS)

    notes.show("answer/3", "Done")
    qtbot.waitUntil(lambda: len(desktop.shown) == 4, timeout=LIMIT_MS)
    notes.withdraw("answer/3")
    qtbot.waitUntil(lambda: desktop.closed == [4], timeout=LIMIT_MS)
    notes.close()
    desktop.close()


def test_closing_takes_away_what_is_shown(bus: str, qtbot: QtBot) -> None:
    desktop = Desktop(bus)
    notes = Notifications(bus=bus)
    notes.show("answer/1", "Done")
    qtbot.waitUntil(lambda: len(desktop.shown) == 1, timeout=LIMIT_MS)
    notes.show("answer/2", "Done")
    qtbot.waitUntil(lambda: len(desktop.shown) == 2, timeout=LIMIT_MS)
    notes.withdraw("answer/1")
    qtbot.waitUntil(lambda: desktop.closed == [1], timeout=LIMIT_MS)
    notes.close()
    qtbot.waitUntil(lambda: desktop.closed == [1, 2], timeout=LIMIT_MS)
    desktop.close()


@pytest.mark.parametrize("there", ["no bus", "no desktop", "a desktop that refuses"])
def test_where_no_note_is_shown_that_is_told(there: str, bus: str, qtbot: QtBot) -> None:
    desktop = Desktop(bus, takes_none=True) if there == "a desktop that refuses" else None
    notes = Notifications(bus="unix:path=/nowhere" if there == "no bus" else bus)
    told: list[tuple[str, str, str]] = []
    notes.unshown.connect(lambda *words: told.append(words))

    notes.show("answer/1", "Done", "words")
    qtbot.waitUntil(lambda: told == [("answer/1", "Done", "words")], timeout=LIMIT_MS)
    notes.show("answer/2", "Done")
    qtbot.waitUntil(lambda: len(told) == 2, timeout=LIMIT_MS)
    notes.close()
    if desktop is not None:
        desktop.close()
