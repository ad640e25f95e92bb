"""What a change would do to a text, as a unified diff, in bounded time. Knows texts only."""

from __future__ import annotations

import difflib
from itertools import takewhile

_MOST_LINES = 3000
"""Changed lines for which a diff is looked for; more are shown as replaced."""
_CONTEXT = 3


def unified_diff(before: str, after: str, name: str) -> str:
    """The diff, without a line that says that a last line has no end."""
    old, new = before.splitlines(), after.splitlines()
    same = _common(old, new)
    end = _common(old[same:][::-1], new[same:][::-1])
    middle = len(old) + len(new) - 2 * (same + end)
    if middle > _MOST_LINES:
        removed, added = len(old) - same - end, len(new) - same - end
        return f"{name}: {removed} lines from line {same + 1} on are replaced by {added} others"
    lead = max(same - _CONTEXT, 0)
    tail = max(end - _CONTEXT, 0)
    lines = list(
        difflib.unified_diff(
            old[lead : len(old) - tail], new[lead : len(new) - tail], name, name, lineterm=""
        )
    )
    return "\n".join(_shifted(line, lead) for line in lines)


def _common(one: list[str], other: list[str]) -> int:
    """The number of lines that two texts have in common at their beginning."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))


def _shifted(line: str, lead: int) -> str:
    """A hunk's head with the line numbers of the whole text."""
    if not line.startswith("@@ "):
        return line
    ranges = line.split()[1:3]
    return f"@@ {' '.join(_range(one, lead) for one in ranges)} @@"


def _range(text: str, lead: int) -> str:
    sign, (start, *count) = text[0], text[1:].split(",")
    return f"{sign}{','.join([str(int(start) + lead), *count])}"
