"""The blocks of an answer's tool calls. Knows messages and what the agent writes about calls."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from desktop.window.tools import words
from storage.records import UNDO, ToolPart

TITLE, SECONDS, UNDONE, PROBLEM = "title", "seconds", "undone", "problem"
"""Details of a call."""


def call_of(part: ToolPart) -> dict[str, Any]:
    """What a card shows of a call, but for its long texts, which are made when it is opened."""
    return {
        "id": part.call_id,
        "server": words.visible(part.server),
        "tool": words.visible(part.tool),
        "title": words.visible(_text(part.details, TITLE)),
        "state": part.state,
        "main": words.main_argument(part.arguments),
        "seconds": _number(part.details, SECONDS),
        "undoable": part.state == "done" and bool(part.details.get(UNDO)),
        "undone": bool(part.details.get(UNDONE)),
    }


def _text(details: Mapping[str, Any], name: str) -> str:
    found = details.get(name)
    return found if isinstance(found, str) else ""


def _number(details: Mapping[str, Any], name: str) -> float:
    """A number of the details, -1 where there is none."""
    found = details.get(name)
    if isinstance(found, bool) or not isinstance(found, int | float):
        return -1.0
    return float(found)
