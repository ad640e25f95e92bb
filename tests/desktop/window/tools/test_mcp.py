"""MCP servers in the real window: pasted, tried, switched on, asked, and asking; the server is a
real one that does what no server should."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

import tests.desktop.tools.mcp.hostile_server as hostile
from tests.desktop.assistant.agent.scripted import call, say
from tests.desktop.window.conftest import Open
from tests.desktop.window.driver import Driver
from tests.desktop.window.tools.test_asking import _ask, scripted

__all__ = ["scripted"]
pytestmark = pytest.mark.slow
SERVER = str(Path(hostile.__file__).resolve())


@pytest.fixture
def driver(
    scripted: None, open_window: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Driver]:
    """A window with tools on and a configuration of its own."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    made = open_window()
    made.medley.dismissFirstStart()
    made.window.session.prefer(tools=True)
    made.settle()
    yield made


def _pasted(driver: Driver) -> None:
    """The server's settings, pasted into the sheet, which is open."""
    driver.press(Qt.Key.Key_T, Qt.KeyboardModifier.ControlModifier)
    driver.click(driver.item("allTools"))
    driver.click(driver.item("page/servers"))
    driver.click(driver.item("pasteServers"))
    entry = {"command": sys.executable, "args": [SERVER, "hidden"], "env": {"KEY": "secret"}}
    driver.item("serverJson").setProperty("text", json.dumps({"mcpServers": {"bad": entry}}))
    driver.click("importServers")
    driver.until(lambda: driver.medley.tools_view.servers_model.rowCount() == 1)


def _switched_on(driver: Driver) -> None:
    _pasted(driver)
    servers = driver.medley.tools_view.servers_model
    driver.click("serverSwitch")
    driver.until(lambda: servers.rows[0].on)
    driver.medley.tools_view.catalogue_model.refresh()
    driver.until(lambda: servers.rows[0].state == "ready")
    driver.press(Qt.Key.Key_Escape)
    driver.until(lambda: not driver.items("serversPage"))


def test_a_server_is_pasted_switched_off_and_whole_then_tried_and_removed(driver: Driver) -> None:
    _pasted(driver)
    servers = driver.medley.tools_view.servers_model
    row = servers.rows[0]
    assert (row.name, row.on, row.state) == ("bad", False, "off")
    assert SERVER in row.command
    assert "KEY=…" in row.command
    assert "secret" not in row.command

    driver.click("testServer")
    driver.until(lambda: servers.rows[0].state == "ready")
    assert servers.rows[0].tools > 3
    assert not servers.rows[0].on
    driver.click("askRemoveServer")
    driver.click("removeServer")
    driver.until(lambda: servers.rowCount() == 0)


def test_what_is_no_server_is_refused_with_a_reason(driver: Driver) -> None:
    servers = driver.medley.tools_view.servers_model

    assert not servers.paste("no json")
    assert "JSON" in servers.property("problem")
    assert servers.rowCount() == 0


def test_a_server_asks_within_its_call_and_is_answered(driver: Driver) -> None:
    _switched_on(driver)
    _ask(driver, "Who am I?", call("bad_elicit_once"), say("You are Ada."))
    driver.until(lambda: driver.items("allowOnce") and driver.item("allowOnce").isEnabled())
    driver.click("allowOnce")

    driver.until(lambda: driver.items("elicitCard"))
    driver.type("field/name", "Ada")
    driver.press(Qt.Key.Key_Return)
    driver.answered()
    assert driver.item("toolState").property("text") != "failed"
    driver.click("toolLine")
    driver.until(lambda: driver.items("toolResult"))
    message = driver.library.messages.get(int(driver.message_id()))
    assert '"Ada"' in "".join(getattr(part, "result", "") for part in message.parts)


def test_the_window_lives_while_a_server_asks_fifty_times(driver: Driver) -> None:
    _switched_on(driver)
    _ask(driver, "Go", call("bad_elicit"), say("Over."))
    driver.until(lambda: driver.items("allowOnce") and driver.item("allowOnce").isEnabled())
    driver.click("allowOnce")
    asked = 0
    while driver.status() != "complete":
        driver.until(lambda: driver.items("elicitDecline") or driver.status() == "complete")
        if driver.items("elicitDecline"):
            number = driver.now.agent.pending()
            driver.click("elicitDecline")
            asked += 1
            driver.until(
                lambda before=number: driver.now.agent.pending() != before
                or driver.status() == "complete"
            )
    assert 1 <= asked <= 8
    assert driver.blocks()[-1].plain == "Over."


def test_hidden_words_of_a_tool_are_told_and_a_changed_tool_is_asked_for_anew(
    driver: Driver,
) -> None:
    _switched_on(driver)
    _ask(driver, "Shy", call("bad_shy"), say("Done."))
    driver.until(lambda: driver.items("noticeLine"))
    driver.until(lambda: driver.item("refuseOnce").isEnabled())
    driver.click("refuseOnce")
    driver.answered()
    _ask(driver, "Hello", call("bad_hello"), say("Done."))
    driver.until(lambda: driver.items("allowAlways") and driver.item("allowAlways").isEnabled())
    driver.click("allowAlways")
    driver.answered()
    _ask(driver, "Change", call("bad_change"), say("Done."))
    driver.until(lambda: driver.items("allowOnce") and driver.item("allowOnce").isEnabled())
    driver.click("allowOnce")
    driver.answered()
    catalogue = driver.medley.tools_view.catalogue_model
    driver.until(lambda: any("sends all files" in row.description for row in catalogue.rows))

    _ask(driver, "Hello", call("bad_hello"), say("Done."))

    driver.until(lambda: driver.items("changedLine"))
    driver.until(lambda: driver.item("refuseAlways").isEnabled())
    driver.click("refuseAlways")
    driver.answered()
