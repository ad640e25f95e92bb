"""`medley models test`: whether a bundle makes sense, sees, hears and draws, and how fast it is."""

from __future__ import annotations

import argparse
import json
from typing import TYPE_CHECKING, Any

import msgspec

from desktop.cli.options import Parser, add_json
from desktop.cli.printing.terminal import Screen, printable
from desktop.cli.turn import Interrupt
from plugins.errors import Cancelled
from plugins.printable import one_line

if TYPE_CHECKING:
    from runtime.self_test.outcomes import SelfTest, StepOutcome

MARKS = {"passed": "ok", "failed": "FAILED", "not applicable": "-"}
"""How lines begin; the window reads them to know how far a test is."""


def add_arguments(parser: Parser) -> None:
    """The grammar of `medley models test`."""
    parser.add_argument("name", metavar="NAME", help="name or folder of a bundle")
    add_json(parser)


def run(options: argparse.Namespace) -> int:
    """Test a bundle, saying each outcome as it comes; 1 if something failed.

    Raises:
        KnownError: no such bundle, or its language model cannot be loaded.
        KeyboardInterrupt: Ctrl-C stopped it.
    """
    found = tested(options.name, quiet=options.json)
    if options.json:
        print(json.dumps(as_json(found)))
    return 0 if found.ok else 1


def tested(name: str, quiet: bool) -> SelfTest:
    """The outcome of a bundle's test; each step is printed as it comes, unless `quiet`.

    Raises:
        KnownError: no such bundle, or its language model cannot be loaded.
        KeyboardInterrupt: Ctrl-C stopped it.
    """
    from runtime.opening import open_bundle
    from runtime.self_test.run import self_test

    bundle, screen = open_bundle(name), Screen(quiet)

    def note(found: StepOutcome) -> None:
        screen.close()
        if not quiet:
            _print_step(found)

    with Interrupt() as interrupt:
        try:
            return self_test(
                bundle, on_step=note, on_work=screen.trying, cancelled=interrupt.cancelled
            )
        except Cancelled as error:
            raise KeyboardInterrupt from error
        finally:
            screen.close()


def as_json(found: SelfTest) -> dict[str, Any]:
    """The object that `--json` prints: sentences in English."""
    fields: dict[str, Any] = msgspec.to_builtins(found)
    steps = [
        {"step": step.step, "outcome": step.outcome, "sentence": str(step.sentence)}
        for step in found.steps
    ]
    return {**fields, "steps": steps, "sees": found.sees, "hears": found.hears}


def summary(found: SelfTest) -> str:
    """What is worth a place in a list, for example `12 tokens per second, sees pictures`."""
    said = [f"{found.decode_per_s:.0f} tokens per second"] if found.decode_per_s else []
    said += {True: ["sees pictures"], False: ["cannot see"], None: []}[found.sees]
    said += {True: ["hears words"], False: ["cannot hear"], None: []}[found.hears]
    known = ("see", "hear")
    failed = [s.step for s in found.steps if s.outcome == "failed" and s.step not in known]
    said += [f"failed: {', '.join(failed)}"] if failed else []
    return ", ".join(said)


def _print_step(found: StepOutcome) -> None:
    mark = MARKS[found.outcome]
    print(printable(f"{mark:8}{found.step + ' ':8}{one_line(str(found.sentence))}"), flush=True)
