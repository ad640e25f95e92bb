"""What the switcher's rows show, and how they are put in order. Knows no library and no Qt."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from desktop.window.sidebar.sidebar import marked
from desktop.window.switcher.matching import Match, Name, Wanted, name
from desktop.window.switcher.titles import Title

CONVERSATIONS, COMMANDS, PRESETS, MODELS = "conversations", "commands", "presets", "models"
MESSAGES, ASK = "messages", "ask"
MOST = {CONVERSATIONS: 7, COMMANDS: 8, PRESETS: 5, MODELS: 5}
"""Rows of a section, where others stand beside it."""
MOST_ALONE = 60
"""Rows of a section that was asked for by its sign."""
SIGNS = {">": COMMANDS, "@": MODELS, "/": PRESETS}
"""What a query begins with that is meant for one section."""
RECENT, HALF_LIFE_MS = 0.5, 14 * 86_400_000
"""Points of a conversation in which something was said just now, and the time for half of them."""
USED = 0.4
"""Points of what was chosen here last; what was chosen before it has fewer."""
COMMAND = 0.05
"""Points of a command: a word that it is called by means it."""
OTHER_WORDS = 0.8
"""Share of its points that something keeps which is found by what it is not called."""


@dataclass(frozen=True)
class Row:
    """One row; its fields are roles."""

    section: str
    kind: str
    """`conversation`, `command`, `preset`, `model`, `message` or `ask`."""
    key: str
    title: str
    """HTML, with what was found in bold."""
    plain: str
    detail: str = ""
    """HTML."""
    glyph: str = ""
    keys: str = ""
    """Of a command: what is pressed for it."""
    chosen: bool = False
    time: float = 0.0
    messageId: str = ""  # noqa: N815  (roles are named as QML names things)
    id: str = ""
    """Names the row among all."""


class Command(msgspec.Struct, frozen=True):
    """Something that can be done, as the window offers it."""

    key: str
    title: str
    words: str = ""
    """Others that mean it."""
    glyph: str = ""
    keys: tuple[str, ...] = ()


@dataclass(frozen=True)
class Offer:
    """Something that can be found by its name: a command, a preset or a model."""

    row: Row
    name: Name
    others: Name
    bonus: float = 0.0


Scored = tuple[float, Row]


def command(given: Any) -> Offer:
    """A command from what QML says of it."""
    made = msgspec.convert(given, Command)
    row = Row(
        COMMANDS, "command", made.key, marked(made.title, ()), made.title,
        glyph=made.glyph, keys=", ".join(made.keys), id=f"command:{made.key}",
    )  # fmt: skip
    return Offer(row, name(made.title), name(made.words), COMMAND)


def preset(key: str, title: str, detail: str) -> Offer:
    """A preset."""
    line = " ".join(detail.split())[:120]
    row = Row(
        PRESETS, "preset", key, marked(title, ()), title, marked(line, ()), "preset",
        id=f"preset:{key}",
    )  # fmt: skip
    return Offer(row, name(title), name(line))


def model(key: str, title: str, chosen: bool) -> Offer:
    """A model."""
    row = Row(
        MODELS, "model", key, marked(title, ()), title, glyph="bundle", chosen=chosen,
        id=f"model:{key}",
    )  # fmt: skip
    return Offer(row, name(title), name(key))


def ask(words: str) -> Row:
    """The row that asks what was typed."""
    return Row(ASK, "ask", "", marked(words, ()), words, glyph="send", id="ask")


def offered(
    offers: Iterable[Offer], wanted: Wanted, used: Sequence[str], mistyped: bool
) -> list[Scored]:
    """Those that fit, with their points."""
    found = []
    for at, offer in enumerate(offers):
        match = wanted.match(offer.name, mistyped=mistyped)
        points = 0.0 if match is None else match.score
        if match is None:
            if (other := wanted.match(offer.others)) is None:
                continue
            match, points = Match(0.0), OTHER_WORDS * other.score
        row = _with(offer.row, title=marked(offer.row.plain, match.spans))
        place = used.index(row.id) if row.id in used else -1
        points += offer.bonus + (USED / (1 + place) if place >= 0 else 0.0) - at * 1e-6
        found.append((points, row))
    return found


def conversations(
    titles: Iterable[Title], wanted: Wanted, now_ms: int, mistyped: bool
) -> list[Scored]:
    """Conversations that fit, with their points."""
    look, found = wanted.match, []
    for title in titles:
        match = look(title.name, mistyped=mistyped)
        if match is not None:
            age = max(0, now_ms - title.updated_ms)
            found.append((match.score + RECENT * 0.5 ** (age / HALF_LIFE_MS), title, match))
    best = heapq.nlargest(MOST[CONVERSATIONS], found, key=lambda one: (one[0], one[1].updated_ms))
    return [(points, conversation(title, match)) for points, title, match in best]


def conversation(title: Title, match: Match | None = None) -> Row:
    """One conversation."""
    return Row(
        CONVERSATIONS, "conversation", str(title.id),
        marked(title.words, () if match is None else match.spans), title.words,
        glyph="pin" if title.pinned else "text", time=float(title.updated_ms),
        id=f"conversation:{title.id}",
    )  # fmt: skip


def arranged(sections: Sequence[list[Scored]], limits: int | None = None) -> list[Row]:
    """All rows: sections by their best, and each by points."""
    kept = []
    for scored in sections:
        if scored:
            most = limits or MOST[scored[0][1].section]
            kept.append(heapq.nlargest(most, scored, key=lambda one: one[0]))
    kept.sort(key=lambda scored: -scored[0][0])
    return [row for scored in kept for _, row in scored]


def _with(row: Row, **values: str) -> Row:
    return Row(**{**row.__dict__, **values})
