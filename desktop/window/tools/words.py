"""A call's data as words that a person can judge. Knows JSON and characters, no Qt.

What a tool, a server or a model wrote may hold characters that nobody sees and that change what is
read. In what a person is asked about, those are spelled out.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterator
from textwrap import indent
from typing import Any, Literal

from desktop.window.transcript.pieces import pieces

LONGEST_MAIN = 120
"""Characters of the one argument that is shown on a card's line."""
LONGEST_RESULT = 20_000
"""Characters of a result that a card shows; all of it can be copied."""
_MAIN = (
    "path", "query", "expression", "url", "target", "command", "text", "caption", "name", "code",
    "message", "title",
)  # fmt: skip
_HIDDEN = ("Cf", "Cc", "Co", "Cn", "Cs", "Zl", "Zp")
_PLAIN = "\n\t"
_BLANK = "\u115f\u1160\u17b4\u17b5\u3164\uffa0\u2800\u034f"
"""Drawn as nothing, though no format characters."""
INDENT = "    "
_JOINER = "\u200d"
"""Makes one emoji of several, and alone is of no harm."""
Piece = dict[str, str]
"""`text`, and the `kind` it has in a diff: `add`, `remove`, `head` or nothing."""


def visible(text: str) -> str:
    """A text with every hidden character spelled out, as `\\u202e`."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(map(_spelled, text))


def pretty(arguments: str) -> str:
    """A JSON object on lines of its own, with hidden characters spelled out; what is no JSON stays
    as it is."""
    return visible(_told(_parsed(arguments), arguments))


def main_argument(arguments: str) -> str:
    """The argument that says most of a call, on one line; empty where there is none."""
    given = _parsed(arguments)
    if not isinstance(given, dict):
        return ""
    known = [given[name] for name in _MAIN if name in given]
    for value in (*known, *given.values()):
        if isinstance(value, str | int | float) and not isinstance(value, bool):
            line = " ".join(visible(str(value)).split())
            if line:
                return line if len(line) <= LONGEST_MAIN else f"{line[: LONGEST_MAIN - 1]}…"
    return ""


def plain(text: str) -> list[Piece]:
    """A text in pieces that a screen lays out quickly; nothing is lost."""
    return [{"kind": "", "text": _cut(piece)} for piece in pieces(text)]


def result(text: str) -> list[Piece]:
    """What a call gave, as much of it as a card shows."""
    return plain(visible(text[:LONGEST_RESULT]))


def previewed(text: str, kind: Literal["text", "diff", "command"]) -> list[Piece]:
    """What a call would do: the lines of a diff by what becomes of them."""
    shown = visible(text)
    return list(_diff(shown)) if kind == "diff" else plain(shown)


def _diff(text: str) -> Iterator[Piece]:
    run: list[str] = []
    kind = ""
    for line in text.splitlines():
        own = _kind(line)
        if run and own != kind:
            yield from _pieces_of(kind, run)
            run = []
        kind = own
        run.append(line)
    if run:
        yield from _pieces_of(kind, run)


def _pieces_of(kind: str, lines: list[str]) -> Iterator[Piece]:
    for piece in pieces("\n".join(lines)):
        yield {"kind": kind, "text": _cut(piece)}


def _kind(line: str) -> str:
    if line.startswith(("@@", "--- ", "+++ ")):
        return "head"
    return {"+": "add", "-": "remove"}.get(line[:1], "")


def _cut(piece: str) -> str:
    """A piece without the end of its last line, which the next piece begins anew."""
    return piece.removesuffix("\n")


def _spelled(character: str) -> str:
    if character in _PLAIN or character == _JOINER:
        return character
    number = ord(character)
    is_selector = 0xFE00 <= number <= 0xFE0D or 0xE0000 <= number <= 0xE0FFF
    if character in _BLANK or is_selector or unicodedata.category(character) in _HIDDEN:
        return f"\\u{number:04x}" if number <= 0xFFFF else f"\\U{number:08x}"
    return character


def _always(_line: str) -> bool:
    return True


def _parsed(arguments: str) -> Any:
    try:
        return json.loads(arguments)
    except (ValueError, RecursionError):
        return None


def _told(given: Any, arguments: str) -> str:
    """Texts of several lines stand under their names, indented, so that none of their lines looks
    like another name: nobody reads `\\n`."""
    if not isinstance(given, dict):
        return arguments
    try:
        return "\n".join(_line(name, value) for name, value in given.items())
    except RecursionError:
        return arguments


def _line(name: str, value: Any) -> str:
    if isinstance(value, str):
        return f"{name}:\n{indent(value, INDENT, _always)}" if "\n" in value else f"{name}: {value}"
    return f"{name}: {json.dumps(value, ensure_ascii=False, indent=1)}"
