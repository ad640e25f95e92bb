"""Kills the window, its worker or both at random moments of real turns, and looks what was lost.

    python -m tests.desktop.kills [--count N] [--seed N]

The window is the real one (`talking_window`), with real answers of Pocket in words, pictures,
sounds and clips. After every kill the library must pass its check and hold everything that the
window had shown; nothing that the window had started may live on; and after the worker's death the
same window must go on.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil

from storage.library import Library
from storage.records import MediumPart

KILLS_OF_ONE_LIBRARY = 20
LIMIT_S = 180.0
"""For machines that are busy with something else; nothing here measures time."""
VICTIMS = ("window", "worker", "both")
ROOT = Path(__file__).parents[2]
OVER = ("complete", "stopped", "failed", "interrupted")

Shown = dict[str, Any]


class App:
    """One life of the window, and what it has said."""

    def __init__(self, library: Path, seed: int) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.desktop.talking_window", str(library), str(seed)],
            cwd=ROOT,
            env={**os.environ, "TMPDIR": str(library.parent)},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self._said: list[Shown] = []
        self._heard = threading.Condition()
        self._words: list[str] = []
        self._threads = [
            threading.Thread(target=self._listen), threading.Thread(target=self._listen_to_errors)
        ]  # fmt: skip
        for thread in self._threads:
            thread.start()

    @property
    def said(self) -> list[Shown]:
        """Everything until now."""
        with self._heard:
            return list(self._said)

    @property
    def complaints(self) -> str:
        """What it wrote on stderr."""
        return "".join(self._words)

    def answering(self) -> set[int]:
        """The answers that are under way."""
        states = {line["message"]: line["state"] for line in self.said if "message" in line}
        return {message for message, state in states.items() if state == "streaming"}

    def wait_for(self, kind: str, since: int = 0, **wanted: Any) -> bool:
        """Whether it says something of this kind, after `since` lines, before the limit."""

        def there() -> bool:
            return any(
                kind in line and all(line.get(name) in values for name, values in wanted.items())
                for line in self._said[since:]
            )

        def over() -> bool:
            return there() or self._process.poll() is not None

        deadline = time.monotonic() + LIMIT_S
        with self._heard:
            while not over() and time.monotonic() < deadline:
                self._heard.wait(0.5)
            return there()

    def kill(self, victim: str) -> set[psutil.Process]:
        """End it, its worker or both; the processes that must be gone by now."""
        window = psutil.Process(self._process.pid)
        family = set(window.children(recursive=True))
        worker = next((line["worker"] for line in reversed(self.said) if "worker" in line), None)
        targets = {"window": [window.pid], "worker": [worker], "both": [worker, window.pid]}
        for pid in targets[victim]:
            if pid is not None:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
        if victim == "worker":
            return {child for child in family if child.pid == worker}
        self._process.wait()
        for thread in self._threads:
            thread.join()
        return family

    def end(self) -> None:
        """Kill it if it lives, and let go of it."""
        if self._process.poll() is None:
            self.kill("window")
        for stream in (self._process.stdout, self._process.stderr):
            if stream is not None:
                stream.close()

    def _listen(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            if line.endswith("\n"):
                with self._heard:
                    self._said.append(json.loads(line))
                    self._heard.notify_all()

    def _listen_to_errors(self) -> None:
        assert self._process.stderr is not None
        self._words.extend(self._process.stderr)


@dataclass
class Soak:
    """Many kills, and what was found."""

    folder: Path
    numbers: random.Random
    shown: int = 0
    killed: Counter[str] = field(default_factory=Counter)
    during: int = 0
    """Kills while an answer was being made."""
    wrong: list[str] = field(default_factory=list)
    tell: bool = False
    app: App | None = None
    before: dict[Path, list[Shown]] = field(default_factory=dict)
    """What former lives had shown of each library."""

    def run(self, count: int) -> None:
        """Kill so often; whatever happens, nothing lives on."""
        try:
            for number in range(count):
                library = self.folder / str(number // KILLS_OF_ONE_LIBRARY) / "library.db"
                library.parent.mkdir(exist_ok=True)
                last = number + 1 == count or (number + 1) % KILLS_OF_ONE_LIBRARY == 0
                found = self._once(library, "both" if last else self.numbers.choice(VICTIMS))
                self.wrong += [f"kill {number + 1}: {line}" for line in found]
                if self.tell:
                    print(f"{number + 1}: {sum(self.killed.values())} {found}", flush=True)
        finally:
            if self.app is not None:
                self.app.end()

    def _once(self, library: Path, victim: str) -> list[str]:
        app = self.app or App(library, self.numbers.randrange(2**31))
        self.app = app
        begin = len(app.said)
        self._wait_for_a_moment(app, begin, victim)
        answering = app.answering()
        gone = app.kill(victim)
        self.killed[victim] += 1
        self.during += bool(answering)
        wrong = [f"a {line!r} lives on" for line in _alive(gone)]
        if victim == "worker":
            wrong += self._goes_on(app)
        else:
            self.app = None
            app.end()
            if "Traceback" in app.complaints:
                wrong.append(app.complaints)
        said = self.before.setdefault(library, []) + app.said
        self.shown += len(app.said) - begin
        wrong += lost(library, said, alive=victim == "worker")
        if victim != "worker":
            self.before[library] = said
        return wrong

    def _wait_for_a_moment(self, app: App, begin: int, victim: str) -> None:
        """Mostly some time after an answer began, at times at once after the start."""
        if victim == "worker":
            app.wait_for("worker")
        elif begin == 0 and self.numbers.random() < 0.1:
            time.sleep(self.numbers.random() * 2)
            return
        if not app.answering():
            app.wait_for("message", begin, state=("streaming",))
        time.sleep(self.numbers.random() * self.numbers.choice([0.05, 0.5, 2.0]))

    @staticmethod
    def _goes_on(app: App) -> list[str]:
        """After the worker's death every answer ends, and the next one is complete."""
        since = len(app.said)
        if not app.wait_for("message", since, state=("complete",)):
            return [f"no answer was completed after the worker's death {app.complaints}"]
        return []


def _alive(gone: set[psutil.Process]) -> list[str]:
    """Of processes that should end: those that do not."""
    _, alive = psutil.wait_procs(gone, timeout=LIMIT_S)
    zombies = (psutil.STATUS_ZOMBIE, psutil.STATUS_DEAD)
    return [str(process) for process in alive if process.status() not in zombies]


def lost(path: Path, said: list[Shown], *, alive: bool) -> list[str]:
    """What was shown and is not there, and what the library's check finds.

    With `alive` the window has the library open still, and it is only read.
    """
    if not path.exists():
        return [f"there is no library, but {said[0]} was shown"] if said else []
    with Library.open(path, read_only=alive) as library:
        wrong = list(library.check().problems)
        latest = {line["message"]: line for line in said if "message" in line}
        for line in latest.values():
            wrong += _lost_of_message(library, line, alive)
        typed = [line["typed"] for line in said if "typed" in line]
        known = _words(library) if typed else set()
        wrong += [f"the words {words!r} are gone" for words in typed if words not in known]
    return wrong


def _lost_of_message(library: Library, line: Shown, alive: bool) -> list[str]:
    message = library.messages.get(line["message"])
    media = {part.medium.sha256 for part in message.parts if isinstance(part, MediumPart)}
    wrong = []
    if not message.text.startswith(line["text"]):
        wrong.append(f"message {message.id}: shown {line['text']!r}, kept {message.text!r}")
    if missing := set(line["media"]) - media:
        wrong.append(f"message {message.id}: shown {missing}, which it does not hold")
    if line["state"] in OVER and message.state != line["state"]:
        wrong.append(f"message {message.id}: shown as {line['state']}, is {message.state}")
    if message.state == "streaming" and not alive:
        wrong.append(f"message {message.id} is still streaming")
    return wrong


def _words(library: Library) -> set[str]:
    """What the person said or has begun to say."""
    found = set()
    with library._database.read() as connection:
        for query in ("SELECT text FROM parts WHERE kind = 'text'", "SELECT text FROM drafts"):
            found |= {text for (text,) in connection.execute(query)}
    return found


def soak(folder: Path, count: int, seed: int, *, tell: bool = False) -> Soak:
    """Kill so often; what was found."""
    found = Soak(folder, random.Random(seed), tell=tell)
    found.run(count)
    return found


def main() -> int:
    """Kill, and print what was found; 1 when anything was lost or wrong."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--seed", type=int, default=0)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        found = soak(Path(folder), args.count, args.seed, tell=True)
    for line in found.wrong:
        print(line)
    killed = ", ".join(f"{victim} {found.killed[victim]}" for victim in VICTIMS)
    print(
        f"killed {args.count} times ({killed}), {found.during} times in the middle of an answer: "
        f"{found.shown} things were shown, {len(found.wrong)} were lost or wrong"
    )
    return 1 if found.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
