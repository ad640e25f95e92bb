"""Lines, tables and JSON of what was measured. Arithmetic and text only."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from typing import Any

from benchmarks.everyday.items import KINDS, Kind
from benchmarks.everyday.talking import Outcome
from training.evaluation.metrics.proportions import Z, half_width

_GOALS: dict[Kind, float] = {"questions": 0.80, "media": 28 / 30, "plain": 29 / 30}
_SHOWN = 90
"""Characters of an answer in its line."""


def line(outcome: Outcome) -> str:
    """One item: right or wrong, what was asked for, the answer's beginning, what is wrong."""
    answer, item = outcome.answer, outcome.item
    made = "".join(f"<{modality}> " for modality in answer.made.values())
    words = " ".join(answer.text.split())
    shown = words if len(words) <= _SHOWN else words[: _SHOWN - 1] + "…"
    mark = "right" if outcome.right else "WRONG"
    told = f"{mark}  {outcome.kind:9} {item.name}  {answer.seconds:.1f} s  {made}{shown}"
    return told if outcome.right else f"{told}\n       {'; '.join(outcome.faults)}"


def interval(right: int, n: int) -> tuple[float, float]:
    """Both ends of Wilson's 95 % interval of a share, in 0..1."""
    share = right / n
    middle = (share + Z**2 / (2 * n)) / (1 + Z**2 / n)
    half = half_width(share, n)
    return max(middle - half, 0.0), min(middle + half, 1.0)


def table(outcomes: Sequence[Outcome]) -> str:
    """Right answers by kind and language, with seconds and speed."""
    rows = ["| kind | language | right | share | 95 % interval | goal | seconds | first token |"]
    rows.append("|---|---|---|---|---|---|---|---|")
    for kind in KINDS:
        of_kind = [outcome for outcome in outcomes if outcome.kind == kind]
        groups = [[o for o in of_kind if o.item.language == code] for code in ("en", "zh")]
        for name, group in zip(("both", "English", "Chinese"), (of_kind, *groups), strict=True):
            if group:
                rows.append(_row(kind, name, group))
    return "\n".join([*rows, "", speed(outcomes)])


def speed(outcomes: Sequence[Outcome]) -> str:
    """Tokens per second while answers were written, all in all."""
    done = [outcome.answer.done for outcome in outcomes if outcome.answer.done is not None]
    tokens = sum(turn.usage.new_tokens for turn in done)
    seconds = sum(turn.timings.text for turn in done)
    per_second = tokens / seconds if seconds else 0.0
    return f"{per_second:.1f} tokens per second over {tokens} tokens of {len(done)} answers"


def as_json(outcome: Outcome) -> dict[str, Any]:
    """One item, whole."""
    answer, done = outcome.answer, outcome.answer.done
    return {
        "kind": outcome.kind,
        "name": outcome.item.name,
        "language": outcome.item.language,
        "turns": list(outcome.item.turns),
        "right": outcome.right,
        "faults": list(outcome.faults),
        "text": answer.text,
        "made": list(answer.made.values()),
        "seconds": round(answer.seconds, 3),
        "first_token_s": round(done.timings.first_token, 3) if done else None,
        "new_tokens": done.usage.new_tokens if done else 0,
    }


def _row(kind: Kind, name: str, group: Sequence[Outcome]) -> str:
    right = sum(outcome.right for outcome in group)
    low, high = interval(right, len(group))
    seconds = statistics.median(outcome.answer.seconds for outcome in group)
    first = [o.answer.done.timings.first_token for o in group if o.answer.done is not None]
    cells = [
        kind,
        name,
        f"{right} of {len(group)}",
        f"{right / len(group):.0%}",
        f"{low:.0%} to {high:.0%}",
        f"{_GOALS[kind]:.0%}" if name == "both" else "",
        f"{seconds:.1f}",
        f"{statistics.median(first):.2f}" if first else "",
    ]
    return f"| {' | '.join(cells)} |"
