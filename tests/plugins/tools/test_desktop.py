"""The clipboard, the screen and other programs, by Medley's own hands."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from desktop.tools.protocol import Called
from tests.desktop.tools.calling import Calls


def test_the_clipboard_is_read_and_written(calls: Calls) -> None:
    held = {"text": ""}
    calls.services["clipboard.read"] = lambda _: held
    calls.services["clipboard.write"] = lambda given: held.update(given) or {}

    assert calls.text("read_clipboard") == "The clipboard holds no text."
    calls.text("write_clipboard", text="a boat")
    assert calls.text("read_clipboard") == "a boat"


def test_the_screen_is_given_to_the_model(calls: Calls) -> None:
    def take(given: dict[str, str]) -> dict[str, str]:
        path = Path(given["folder"]) / "screen.png"
        path.write_bytes(b"picture")
        return {"path": str(path)}

    calls.services["screen.take"] = take

    called = calls.call("take_screenshot")

    assert isinstance(called, Called)
    assert [file.name for file in called.files] == ["screenshot.png"]


def test_addresses_and_granted_files_are_opened(calls: Calls, granted: Path) -> None:
    opened: list[Any] = []
    calls.services["open"] = lambda given: opened.append(given["target"]) or {}

    for target in ("https://example.org/a?b=c", "www.example.org", "mailto:a@example.org"):
        calls.text("open", target=target)
    text = calls.text("open", target="trips/rome.md", within=granted)
    calls.text("open", target=str(granted), within=granted)

    assert text == "trips/rome.md was opened."
    assert opened == [
        "https://example.org/a?b=c", "https://www.example.org", "mailto:a@example.org",
        str(granted / "trips" / "rome.md"), str(granted),
    ]  # fmt: skip
    shown = calls.preview("open", target="notes.txt", within=granted)
    assert (shown.text, shown.kind) == (f"{granted}/notes.txt", "command")


@pytest.mark.parametrize(
    "target",
    ["file:///etc/passwd", "javascript:alert(1)", "ssh://host", "/etc/passwd", "https://a b", ""],
)
def test_other_addresses_and_files_are_not_opened(calls: Calls, granted: Path, target: str) -> None:
    assert calls.problem("open", target=target, within=granted)


def test_programs_are_not_started(calls: Calls, granted: Path) -> None:
    (granted / "run.desktop").write_text("[Desktop Entry]\nExec=true\n")
    (granted / "run").write_text("#!/bin/sh\n")
    (granted / "run").chmod(0o755)

    for name in ("run.desktop", "run"):
        assert "found a program" in calls.problem("open", target=name, within=granted)
