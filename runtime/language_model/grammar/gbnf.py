"""Pieces of llama.cpp's grammars (GBNF). Knows no schema and no model."""

from __future__ import annotations

_ESCAPES = {"\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"}
_IN_CLASS = _ESCAPES | {"]": "\\]", "[": "\\[", "^": "\\x5E", "-": "\\x2D"}


def literal(text: str) -> str:
    """Exactly this text."""
    return '"' + "".join((_ESCAPES | {'"': '\\"'}).get(char, char) for char in text) + '"'


class Rules:
    """The rules of one grammar; equal ones stand once."""

    def __init__(self) -> None:
        self._names: dict[str, str] = {}
        self._until: dict[str, str] = {}
        self._lines: list[str] = []

    def __len__(self) -> int:
        return len(self._lines)

    def add(self, body: str) -> str:
        """The name of the rule with this body."""
        if body not in self._names:
            self._names[body] = f"r{len(self._names)}"
            self._lines.append(f"{self._names[body]} ::= {body}")
        return self._names[body]

    def up_to(self, end: str) -> str:
        """The name of a rule for any text up to the first `end`, and that."""
        if end not in self._until:
            name = self._until[end] = f"u{len(self._until)}"
            self._lines += _automaton(name, end)
        return f"{self._until[end]}-0"

    def text(self) -> str:
        """All of them, one a line."""
        return "\n".join(self._lines)


def _automaton(name: str, end: str) -> list[str]:
    """Rules by how much of `end` has come."""
    letters = sorted(set(end))
    others = "".join(_IN_CLASS.get(letter, letter) for letter in letters)
    lines = []
    for state in range(len(end)):
        steps = [f"[^{others}] {name}-0"]
        for letter in letters:
            after = _longest_begin(end[:state] + letter, end)
            steps.append(literal(letter) + ("" if after == len(end) else f" {name}-{after}"))
        lines.append(f"{name}-{state} ::= {' | '.join(steps)}")
    return lines


def _longest_begin(text: str, of: str) -> int:
    """Length of the longest end of `text` that `of` begins with."""
    return next(n for n in range(min(len(text), len(of)), -1, -1) if text.endswith(of[:n]))
