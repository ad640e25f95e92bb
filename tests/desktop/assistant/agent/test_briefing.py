"""What a model with tools is told beside its task."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from desktop.assistant.agent.briefing import MOST, briefing
from desktop.tools.protocol import GrantedFolder

DAY = datetime.date(2026, 5, 4)


@dataclass
class Fact:
    """Something that is remembered."""

    id: int
    text: str


def test_the_day_the_folders_and_what_is_remembered() -> None:
    folders = [GrantedFolder("/a", True), GrantedFolder("/b")]

    told = briefing([Fact(1, "likes tea"), Fact(2, "is called Anna")], folders, DAY)

    assert told.memories == (1, 2)
    assert told.text.splitlines() == [
        "Today is Monday, 2026-05-04.",
        "Folders that you may use: /a (read and write), /b (read only). Relative paths are of the "
        "first one.",
        "The user wants you to remember:",
        "- likes tea",
        "- is called Anna",
    ]


def test_of_many_memories_the_newest_are_told() -> None:
    told = briefing([Fact(n, "x" * 1000) for n in range(9)], [], DAY)

    assert told.memories == (7, 8)
    assert len(told.text) < MOST + 300
    assert "No folder may be used" in told.text
