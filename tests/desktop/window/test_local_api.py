"""The local API of the window: switched on in the settings, on the window's own engine."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator
from pathlib import Path

import openai
import psutil
import pytest
from PySide6.QtGui import QGuiApplication

from desktop.assistant.assistant import EngineChoice
from tests.desktop.window.conftest import Open
from tests.desktop.window.driver import Driver

WAIT_MS = 120_000


@pytest.fixture
def api_window(
    open_window: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Driver]:
    """A window that may share its engine; the paths of sockets are short."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    with tempfile.TemporaryDirectory(prefix="medley-run-") as runtime:
        monkeypatch.setenv("XDG_RUNTIME_DIR", runtime)
        driver = open_window(choice=EngineChoice("pocket", "cpu"))
        driver.medley.dismissFirstStart()
        driver.settle()
        yield driver


def processes(module: str) -> list[psutil.Process]:
    """Those of Medley's own that this one started."""
    found = psutil.Process().children(recursive=True)
    return [one for one in found if one.is_running() and module in " ".join(one.cmdline())]


def test_programs_are_answered_by_the_windows_engine(api_window: Driver) -> None:
    driver, api = api_window, api_window.medley.local_api_model
    # Of other tests that share this process.
    others = len(processes("runtime.worker"))
    assert api.property("state") == "off"

    driver.medley.settings_model.setProperty("localApi", True)
    driver.until(lambda: api.property("state") == "running", WAIT_MS)

    address = api.property("address")
    assert re.fullmatch(r"http://127\.0\.0\.1:\d+/v1", address)
    driver.until(lambda: Path(api.property("tokenFile")).exists(), WAIT_MS)
    api.copyToken()
    token = QGuiApplication.clipboard().text()
    assert token.startswith("medley-")
    answers: list[str] = []

    def ask() -> None:
        with openai.OpenAI(base_url=address, api_key=token, max_retries=2) as client:
            said = client.chat.completions.create(
                model="pocket", messages=[{"role": "user", "content": "hello"}]
            )
            answers.append(said.choices[0].message.content or "")

    driver.medley.session.ask(lambda now: ask(), queue="looks")
    driver.until(lambda: answers, WAIT_MS)
    assert answers[0].startswith("Hello")
    driver.until(lambda: api.property("programs") == 1, WAIT_MS)
    assert len(processes("runtime.worker")) == others + 1
    assert len(processes("sharing.connector")) == 1

    driver.medley.settings_model.setProperty("localApi", False)
    driver.until(lambda: api.property("state") == "off", WAIT_MS)
    driver.until(lambda: not processes("desktop.cli"), WAIT_MS)
    driver.until(lambda: api.property("programs") == 0, WAIT_MS)


def test_what_keeps_it_from_starting_is_said(api_window: Driver, tmp_path: Path) -> None:
    file = tmp_path / "config" / "medley" / "serve-token"
    file.parent.mkdir(parents=True)
    file.write_text("short\n")
    api = api_window.medley.local_api_model

    api_window.medley.settings_model.setProperty("localApi", True)
    api_window.until(lambda: api.property("state") == "failed", WAIT_MS)

    assert "expected a token" in api.property("problem")
    api_window.medley.settings_model.setProperty("localApi", False)
    assert api.property("state") == "off"
