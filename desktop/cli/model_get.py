"""`medley models get` and `remove`: fetches real models, and says how far that is.

Progress goes to stderr, what is here at the end to stdout. The connection is opened by a process
of its own; see `runtime.catalogue.process`.
"""

from __future__ import annotations

import json
import signal
import sys
import time
from typing import Any

from desktop.cli.printing.output import shown
from desktop.cli.printing.sizes import size_text, time_text
from desktop.cli.printing.terminal import printable
from plugins.errors import KnownError
from plugins.printable import one_line
from runtime.catalogue import starter_hook, store
from runtime.catalogue.client import Download, Outcome, absent, wanted
from runtime.catalogue.entry import Entry, groups, named
from runtime.catalogue.offline import refuse_if_forbidden
from runtime.catalogue.protocol import Failed, Had, Progress, Report, Turned

EXIT_INTERRUPTED = 128 + signal.SIGINT
QUIET_TELL_S = 10.0
"""Between two lines about progress where there is no terminal."""


def get_on_first_run(names: tuple[str, ...]) -> int:
    """Fetch what is not here before the window opens; what cannot be had stops nobody."""
    missing = absent(wanted(names))
    if not missing:
        return 0
    size = size_text(sum(entry.disk_bytes for entry in missing))
    print(
        f"medley: real models are fetched once, {size}: "
        f"{', '.join(entry.name for entry in missing)}; to refuse, type: STARTER=none make run",
        file=sys.stderr,
    )
    try:
        return get_models(tuple(entry.name for entry in missing), as_json=False)
    except KnownError as error:
        print(f"medley: going on without: {one_line(str(error))}", file=sys.stderr)
        return 0


def get_models(names: tuple[str, ...], as_json: bool) -> int:
    """Fetch what is not here of these models and groups.

    Raises:
        KnownError: a name is unknown, a connection is forbidden, or some could not be had.
    """
    entries = wanted(names)
    missing = absent(entries)
    if missing:
        refuse_if_forbidden()
    teller = Teller(quiet=as_json)
    teller.announce(missing)
    download = Download(teller.take)
    download.start(tuple(entry.name for entry in entries))
    try:
        outcome = download.wait()
    except KeyboardInterrupt:
        download.cancel()
        outcome = download.wait()
    teller.close()
    if as_json:
        print(json.dumps(_as_json(outcome)))
    if outcome.cancelled:
        print(
            "medley: stopped; what came is kept, and `medley models get "
            f"{' '.join(names)}` goes on with it",
            file=sys.stderr,
        )
        return EXIT_INTERRUPTED
    _raise_failed(outcome)
    return 0


def remove_models(names: tuple[str, ...]) -> int:
    """Take models and groups off the disk; of a group those that are there.

    Raises:
        KnownError: a name is unknown, or nothing of it is here.
    """
    for name in names:
        for one in _removed(name):
            free = store.remove(one)
            print(f"{one}: removed, {size_text(free)} are free again")
            starter_hook.after_change(named(one))
    return 0


def described(entry: Entry) -> dict[str, Any]:
    """What `medley models list` says of an entry."""
    here = store.look(entry)
    return {
        "name": entry.name,
        "purpose": entry.purpose,
        "title": entry.title,
        "languages": entry.languages,
        "licences": sorted({licence.spdx for licence in entry.licences}),
        "bytes": entry.disk_bytes,
        "memory_bytes": entry.memory_bytes,
        "installed": here is not None,
        "current": here is not None and here.is_current,
        "folder": None if here is None else str(here.folder),
        "sources": [] if here is None else list(here.sources),
    }


def print_model(model: dict[str, Any]) -> None:
    """What `described` says, for a person."""
    state = "here" if model["installed"] else "can be fetched"
    if model["installed"] and not model["current"]:
        state = "here, a newer one can be fetched"
    print(printable(f"{model['name']}  {model['title']}"))
    languages = f", {', '.join(model['languages'])}".replace("mul", "many languages")
    print(printable(f"    to {model['purpose']}{languages}: {state}"))
    size = f"{size_text(model['bytes'])} on the disk, {size_text(model['memory_bytes'])} in memory"
    print(printable(f"    {size}, licence {', '.join(model['licences'])}"))
    if model["folder"]:
        print(f"    {shown(model['folder'])}")
    for source in model["sources"]:
        print(printable(f"    from: {source}"))


def verify_fetched(name: str) -> int:
    """Compare every file of a model with its hash, saying so as it goes.

    Raises:
        KnownError: no such model, or a file of it is not what it should be.
    """
    checks = store.verify(name, _print_check)
    wrong = [check for check in checks if check.problem]
    if wrong:
        more = f" (and {len(wrong) - 1} more, listed above)" if len(wrong) > 1 else ""
        raise KnownError(
            f"model {name} is not sound: {wrong[0].path}: {wrong[0].problem}{more}. Remove it "
            f"with `medley models remove {name}`, then fetch it again."
        )
    print(f"{len(checks)} checks passed: {shown(store.folder(name))} is whole and unchanged.")
    return 0


class Teller:
    """Says how far a download is: one line that moves on a terminal, else some lines.

    Threads: `take` on the download's thread, the rest before it begins and after it ended.
    """

    def __init__(self, quiet: bool) -> None:
        self._quiet = quiet
        self._moves = not quiet and sys.stderr.isatty()
        self._width = 0
        self._told = time.monotonic()

    def announce(self, entries: list[Entry]) -> None:
        """Say what will be fetched."""
        if entries:
            size = size_text(sum(entry.disk_bytes for entry in entries))
            self._line(f"fetching {', '.join(entry.name for entry in entries)}: {size}")

    def take(self, report: Report) -> None:
        """Say one report."""
        match report:
            case Progress():
                self._progress(report)
            case Turned():
                self._line(f"{report.name}: not from {report.source}: {report.problem}")
            case Had(fetched=False):
                self._line(f"{report.name}: is here already")
            case Had():
                sources = "; ".join(report.sources)
                took = f"{size_text(report.bytes)} in {report.seconds:.0f} s"
                self._line(f"{report.name}: fetched, {took}, from {sources}")
            case Failed():
                self._line(f"{report.name}: could not be had: {report.problem}")

    def close(self) -> None:
        """Leave the terminal at the start of a line."""
        if self._width:
            sys.stderr.write("\r" + " " * self._width + "\r")
            sys.stderr.flush()
            self._width = 0

    def _progress(self, report: Progress) -> None:
        text = progress_line(report)
        if self._moves:
            padding = " " * max(self._width - len(text), 0)
            sys.stderr.write(f"\r{text}{padding}")
            sys.stderr.flush()
            self._width = len(text)
        elif time.monotonic() - self._told >= QUIET_TELL_S:
            self._line(text)

    def _line(self, text: str) -> None:
        if self._quiet:
            return
        self.close()
        self._told = time.monotonic()
        print(f"medley: {one_line(text)}", file=sys.stderr, flush=True)


def progress_line(report: Progress) -> str:
    """One line of a terminal about a download: how much, how fast, how long still."""
    begin = f"{report.name} ({report.number} of {report.count})"
    if not report.total:
        return f"{begin}: looking for it at {report.source}" if report.source else begin
    part = 100 * report.done // report.total
    line = f"{begin}: {size_text(report.done)} of {size_text(report.total)}, {part} %"
    if report.done >= report.total or report.stage == "proving":
        return f"{line}, unpacking and proving {report.what}"
    if report.seconds_left is not None:
        line += f", {size_text(report.per_second)}/s, {time_text(report.seconds_left)} left"
    return line


def _raise_failed(outcome: Outcome) -> None:
    if outcome.failed:
        first = next(iter(outcome.failed.values()))
        names = ", ".join(outcome.failed)
        rest = f" {len(outcome.had)} others are here." if outcome.had else ""
        raise KnownError(f"could not be had: {names}. {first.problem}{rest}")
    if outcome.problems:
        raise KnownError(outcome.problems[0])


def _as_json(outcome: Outcome) -> dict[str, Any]:
    return {
        "models": [
            {
                "name": had.name,
                "folder": str(store.folder(had.name)),
                "sources": list(had.sources),
                "bytes_received": had.bytes,
                "seconds": round(had.seconds, 3),
                "fetched": had.fetched,
            }
            for had in outcome.had.values()
        ],
        "failed": [
            {"name": failed.name, "reason": failed.reason, "sentence": str(failed.problem)}
            for failed in outcome.failed.values()
        ],
        "cancelled": outcome.cancelled,
    }


def _removed(name: str) -> list[str]:
    """What a name means to `remove`: an entry, or what is fetched of a group."""
    group = groups().get(name)
    if group is None:
        return [named(name).name]
    found = [store.look(named(member)) for member in group.members]
    here = [one.name for one in found if one is not None and not one.packaged]
    if not here:
        raise KnownError(
            f"group {name}: expected one of {', '.join(group.members)} to be installed, found "
            "none. There is nothing to remove."
        )
    return here


def _print_check(check: store.FileCheck) -> None:
    mark = "WRONG" if check.problem else "ok"
    detail = f": {check.problem}" if check.problem else ""
    print(f"{mark:6}{shown(check.path)}{printable(detail)}", flush=True)
