"""The roots of every error Medley raises on purpose, and what crosses processes of them.

`KnownError` is the world's fault (a missing file, a broken medium, a full disk): its sentence says
what was expected, what was found and what to do. `BugError` is ours. A sentence is kept as a
template with its arguments until it is shown, so that each language can say it. Knows nothing else.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import reduce
from typing import Any, ClassVar, Literal

import msgspec

Kind = Literal[
    "bundle", "context", "device", "disk", "fault", "library", "medium", "memory", "network",
    "plugin", "request", "stopped", "",
]  # fmt: skip
"""What went wrong, for a program: the bundle or its models do not serve; the conversation is longer
than the context; a device (graphics card, microphone) is not there; no room or no right to write;
a fault of Medley itself; the library's file; a file that a person gave; too little memory; no
connection; a plugin; what was asked for cannot be; it was stopped; anything else."""


class Problem(msgspec.Struct, frozen=True):
    """What went wrong: a kind for programs, and a sentence for people."""

    template: str
    """English, with named places as `str.format` has them; taken literally without arguments."""
    arguments: dict[str, str | int | float | Problem] = {}
    kind: Kind = ""

    def __str__(self) -> str:
        """The English sentence."""
        return self.template.format_map(self.arguments) if self.arguments else self.template


def phrase(template: str, /, **arguments: object) -> Problem:
    """A part of a sentence, or a whole one that nobody raises."""
    return Problem(template, _plain(arguments))


def as_phrase(words: str | Problem) -> Problem:
    """Words without places, or what is a part of a sentence already."""
    return words if isinstance(words, Problem) else Problem(words)


CHOOSE_ANOTHER = Problem("Choose another file.")
"""What to do about a file that does not serve, where nothing better is known."""


def distinct(problems: Iterable[Problem]) -> list[Problem]:
    """Each problem once, in the order of the first."""
    found: list[Problem] = []
    for one in problems:
        if one not in found:
            found.append(one)
    return found


def joined(problems: Iterable[Problem]) -> Problem:
    """Several sentences, at least one, each once, one after the other."""
    return reduce(
        lambda before, one: phrase("{before} {one}", before=before, one=one), distinct(problems)
    )


def listed(problems: Sequence[Problem], most: int) -> Problem:
    """Several clauses, at least one, within one sentence: the first `most` of them, and how many
    are left out."""
    shown = reduce(
        lambda before, one: phrase("{before}; {one}", before=before, one=one), problems[:most]
    )
    left = len(problems) - most
    return phrase("{shown}; and {count} more", shown=shown, count=left) if left > 0 else shown


class KnownError(Exception):
    """Something a person can understand and act on. `str(error)` is one line of English."""

    default_kind: ClassVar[Kind] = ""
    """The kind of every error of a class, unless one says otherwise."""

    def __init__(self, template: str | Problem, kind: Kind = "", /, **arguments: object) -> None:
        """`template` is the sentence with named places for the `arguments`; or a whole problem,
        perhaps of another process. Without a `kind` it is that of the class."""
        if isinstance(template, Problem):
            self.problem = template
        else:
            self.problem = Problem(template, _plain(arguments), kind or self.default_kind)
        super().__init__(self.problem)

    def __str__(self) -> str:
        return str(self.problem)


class UnreadableError(Exception):
    """A file that a decoder cannot use. Whoever knows its name makes a `KnownError` of it."""

    def __init__(self, found: str | Problem, advice: str | Problem = CHOOSE_ANOTHER):
        """`found` completes the sentence "expected a readable file, found ..."; `advice` says
        what the person can do."""
        self.found, self.advice = as_phrase(found), as_phrase(advice)
        super().__init__(str(self.found))


class BugError(Exception):
    """An invariant of Medley's own code was broken."""


class Cancelled(Exception):  # noqa: N818  (control flow, not a failure)
    """The person stopped the work. Raised at the next token or diffusion step, caught by whoever
    started that work; nothing half-made is kept."""


def problem_of(error: BaseException) -> Problem:
    """The problem that an error tells of; of an error nobody expected, its own words."""
    return _carried(error) or Problem(str(error) or type(error).__name__, kind="fault")


def _carried(value: object) -> Problem | None:
    """The problem that an error or a part of a sentence carries; None for anything else."""
    if isinstance(value, KnownError):
        return value.problem
    # The library, which knows no plugin, keeps its sentences in the same way.
    template, arguments = getattr(value, "template", None), getattr(value, "arguments", None)
    if not isinstance(template, str) or not isinstance(arguments, dict):
        return None
    return Problem(template, _plain(arguments), getattr(value, "kind", ""))


def _plain(arguments: Mapping[str, Any]) -> dict[str, str | int | float | Problem]:
    """Arguments that can cross a pipe."""
    return {name: _plain_value(value) for name, value in arguments.items()}


def _plain_value(value: object) -> str | int | float | Problem:
    if isinstance(value, str | int | float | Problem) and not isinstance(value, bool):
        return value
    return _carried(value) or str(value)
