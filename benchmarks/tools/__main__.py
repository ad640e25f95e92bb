"""Asks a bundle for tools and prints how often it asks for the right one, and for none where none
fits.

    python -m benchmarks.tools [--bundle NAME|DIR ...] [--limit N] [--show]

Right: the share of requests whose call is right by name and every argument (BFCL's cases
simple_python: one tool, and multiple: two to four), or whose first call is of the right tool among
all of Medley's own (desktop: the requests of `benchmarks.tasks`). Abstains: the share of requests
that no tool fits (irrelevance; everyday: with Medley's own tools) and that it answers in words,
which are not the JSON of a call.
Valid: calls whose arguments are a JSON object. Tools: tokens that the list of tools takes in the
prompt. Greedy, so the same every time on one machine.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

from benchmarks.tools.cases import CATEGORIES, Case, cases
from benchmarks.tools.desktop import DESKTOP, EVERYDAY, desktop_cases
from benchmarks.tools.matching import begins_right, is_call_in_words, is_right, is_valid
from plugins.errors import KnownError
from runtime.engine import Engine
from runtime.messages import (
    Message,
    Sampling,
    TextDelta,
    TextPart,
    ToolCalled,
    ToolCallPart,
    ToolSpec,
    Turn,
    TurnDone,
    TurnFailed,
)
from runtime.opening import EngineOptions, open_engine

ALL = (*CATEGORIES, DESKTOP, EVERYDAY)
MOST_WORDS = 200
"""Letters of an answer in words before which a call may still come."""
_COSTS = 5
"""Requests of a category that are asked without tools too, to count what these take."""


@dataclass
class Answer:
    """What one request brought."""

    calls: list[ToolCallPart] = field(default_factory=list)
    words: str = ""
    prompt_tokens: int = 0
    seconds: float = 0.0
    failed: str = ""


def asked(engine: Engine, case: Case, tools: Sequence[ToolSpec], most: int = 200) -> Answer:
    """The answer to one request; it is stopped once it is plainly in words."""
    answer, cancelled, begun = Answer(), threading.Event(), time.perf_counter()
    turn = Turn(
        (Message("user", (TextPart(case.question),)),),
        allowed=("text",),
        seed=0,
        sampling=Sampling(temperature=0.0, max_new_tokens=most),
        may_be_empty=True,
        tools=tuple(tools),
        briefing=case.briefing if tools else "",
    )
    for event in engine.answer(turn, cancelled):
        if isinstance(event, TextDelta):
            answer.words += event.text
            if len(answer.words) > MOST_WORDS:
                cancelled.set()
        elif isinstance(event, ToolCalled):
            answer.calls.append(event.call)
        elif isinstance(event, TurnDone):
            answer.prompt_tokens = event.usage.prompt_tokens
        elif isinstance(event, TurnFailed):
            answer.failed = str(event.problem)
    answer.seconds = time.perf_counter() - begun
    return answer


def measured(engine: Engine, wanted: Sequence[Case], show: bool) -> str:
    """One line of the table."""
    right, called, costs, seconds = 0, list[ToolCallPart](), list[int](), list[float]()
    for number, case in enumerate(wanted):
        answer = asked(engine, case, case.tools)
        seconds.append(answer.seconds)
        called += answer.calls
        right_enough = begins_right if case.category == DESKTOP else is_right
        good = not answer.failed and right_enough(answer.calls, case.right)
        good &= not is_call_in_words(answer.words)
        right += good
        if number < _COSTS:
            bare = asked(engine, case, (), most=1)
            costs.append(answer.prompt_tokens - bare.prompt_tokens)
        if show and not good:
            said = [(call.name, call.arguments) for call in answer.calls]
            print(f"  {case.question!r}\n    {said or answer.words!r} {answer.failed}", flush=True)
            print(f"    right: {case.right}", flush=True)
    valid = sum(map(is_valid, called)) / len(called) if called else 1.0
    kind = "right" if wanted[0].right else "abstains"
    return (
        f"{wanted[0].category:14} {kind:9} {right / len(wanted):4.0%} of {len(wanted):<4} "
        f"valid {valid:4.0%} of {len(called):<4} tools {statistics.median(costs):5.0f} tokens  "
        f"{statistics.median(seconds):5.1f} s a request"
    )


def _cases(category: str, limit: int, engine: Engine) -> list[Case]:
    if category in CATEGORIES:
        return cases(category, limit)
    return desktop_cases(category, limit, engine.bundle.manifest.language_model.n_ctx)


def main() -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.tools")
    parser.add_argument("--bundle", nargs="+", default=["starter"])
    parser.add_argument("--limit", type=int, default=100, help="requests of each category")
    parser.add_argument("--category", nargs="+", choices=ALL, default=ALL)
    parser.add_argument("--show", action="store_true", help="print what was not right")
    options = parser.parse_args()
    try:
        for bundle in options.bundle:
            with open_engine(EngineOptions(bundle, device="cpu")) as engine:
                print(bundle, flush=True)
                for category in options.category:
                    wanted = _cases(category, options.limit, engine)
                    print(measured(engine, wanted, options.show), flush=True)
    except KnownError as error:
        print(f"benchmarks.tools: {error}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
