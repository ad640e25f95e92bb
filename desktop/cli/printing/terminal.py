"""What a person sees while an answer comes: words, made files, progress bars and warnings.

Words and file names go to stdout, the rest to stderr. Bars are drawn on a terminal only. Knows
events, no engine.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from desktop.cli.printing.output import shown
from desktop.cli.printing.readings import told
from desktop.modalities import noun
from plugins.printable import one_line
from plugins.printable import printable as printable
from runtime.messages import ArtifactReady, MediumRead, Reading, RenderProgress

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

_DIM, _PLAIN = "\x1b[2m", "\x1b[0m"


class Screen:
    """Shows one answer after another. `quiet` shows nothing but warnings (for --json)."""

    def __init__(self, quiet: bool = False) -> None:
        self._quiet = quiet
        self._bars = Bars(enabled=not quiet and sys.stderr.isatty())
        self._dims = sys.stderr.isatty() and not os.environ.get("NO_COLOR")
        self._line_open = False
        self._thinking = False

    def text(self, delta: str) -> None:
        """Append words."""
        if self._quiet or not delta:
            return
        self._bars.hide()
        text = printable(delta)
        sys.stdout.write(text)
        sys.stdout.flush()
        self._line_open = not text.endswith("\n") if text else self._line_open

    def thinking(self, delta: str) -> None:
        """Append, dimly, to what the model thinks before its words; only on a terminal."""
        if self._quiet or not sys.stderr.isatty():
            return
        self._bars.hide()
        text = printable(delta)
        sys.stderr.write(f"{_DIM}{text}{_PLAIN}" if self._dims else text)
        sys.stderr.flush()
        self._thinking = True

    def thought(self) -> None:
        """The thinking is over: words begin on a line of their own."""
        if self._thinking:
            sys.stderr.write("\n\n")
            sys.stderr.flush()
            self._thinking = False

    def end_line(self) -> None:
        """Go to the start of a line if words stand on this one."""
        if self._line_open:
            sys.stdout.write("\n")
            sys.stdout.flush()
            self._line_open = False

    def progress(self, event: RenderProgress) -> None:
        """Move one artifact's bar."""
        if self._bars.enabled:
            self.end_line()
            self._bars.show(event)

    def reading(self, event: Reading) -> None:
        """Move the bar of what is being read."""
        if self._bars.enabled:
            self.end_line()
            self._bars.read(shown(Path(event.path).name), event.step, event.of)

    def speaking(self, step: int, of: int) -> None:
        """Move the bar of what is being said."""
        if self._bars.enabled and of > 1:
            self._bars.measure("speaking", step, of)

    def composing(self, name: str, done: int, total: int) -> None:
        """Move the bar of a bundle that is being composed; its file `name` is read now."""
        if self._bars.enabled and done < total:
            self._bars.measure(f"reading {shown(name)} (MB)", done >> 20, total >> 20)

    def trying(self, step: str, done: int, of: int) -> None:
        """Move the bar of a self-test's step."""
        if self._bars.enabled:
            self._bars.measure(f"trying: {step}", done, of)

    def found(self, read: MediumRead) -> None:
        """Say, dimly, what readers found in a medium, and as warnings what they could not."""
        self._bars.hide()
        self.end_line()
        name = shown(Path(read.path).name)
        for line in () if self._quiet else told(name, read.observations):
            text = one_line(line)
            print(f"{_DIM}{text}{_PLAIN}" if self._dims else text, file=sys.stderr, flush=True)
        for problem in read.problems:
            self.warn(str(problem))

    def loading(self, part: str) -> None:
        """Say what is being loaded."""
        self._bars.wait(f"loading {part}")

    def saved(self, event: ArtifactReady, path: Path) -> None:
        """Name a made file."""
        self._bars.finish(event.index)
        if self._quiet:
            return
        self.end_line()
        print(f"{printable(noun(event.modality))}: {shown(path)}{_size(event)}", flush=True)

    def warn(self, text: str) -> None:
        """One line of warning."""
        self._bars.hide()
        self.end_line()
        print(f"medley: warning: {one_line(text)}", file=sys.stderr, flush=True)

    def note(self, text: str) -> None:
        """One line about the answer that is not part of it."""
        if not self._quiet:
            self._bars.hide()
            self.end_line()
            print(f"medley: {one_line(text)}", file=sys.stderr, flush=True)

    def aside(self, text: str) -> None:
        """Say dimly, on stderr, what a tool gave."""
        if self._quiet or not text.strip():
            return
        self._bars.hide()
        self.end_line()
        for line in printable(text).splitlines():
            dim = f"{_DIM}  {line}{_PLAIN}" if self._dims else f"  {line}"
            print(dim, file=sys.stderr, flush=True)

    def close(self) -> None:
        """Leave the terminal as it was, at the start of a line."""
        self._bars.hide()
        self.thought()
        self.end_line()


class Bars:
    """Progress bars by artifact; drawn only while something moves."""

    def __init__(self, enabled: bool) -> None:
        self.enabled = enabled
        self._progress: Progress | None = None
        self._tasks: dict[int, TaskID] = {}
        self._waiting: TaskID | None = None

    def show(self, event: RenderProgress) -> None:
        """Move the bar of one artifact to its step."""
        progress = self._drawn()
        self._end_wait(progress)
        if event.index not in self._tasks:
            label = f"{one_line(noun(event.modality))} {event.index + 1}"
            self._tasks[event.index] = progress.add_task(label, total=event.of)
        progress.update(self._tasks[event.index], completed=event.step, total=event.of)

    def wait(self, label: str) -> None:
        """A bar without an end, until anything else is shown."""
        if self.enabled:
            progress = self._drawn()
            self._end_wait(progress)
            self._waiting = progress.add_task(label, total=None)

    def read(self, name: str, step: int, of: int) -> None:
        """Move the bar of what is being read; without an end where `of` is 0."""
        self.measure(f"reading {name}", step, of)

    def measure(self, label: str, step: int, of: int) -> None:
        """Move the bar of the one thing that is being done; without an end where `of` is 0."""
        progress = self._drawn()
        self._end_wait(progress)
        self._waiting = progress.add_task(label, total=of or None, completed=step)

    def finish(self, index: int) -> None:
        """Remove one artifact's bar, and the others from sight."""
        self._tasks.pop(index, None)
        self.hide()

    def hide(self) -> None:
        """Take all bars off the screen."""
        if self._progress is not None:
            self._progress.stop()
            self._progress = self._waiting = None
            self._tasks.clear()

    def _end_wait(self, progress: Progress) -> None:
        if self._waiting is not None:
            progress.remove_task(self._waiting)
            self._waiting = None

    def _drawn(self) -> Progress:
        if self._progress is None:
            from rich.console import Console
            from rich.progress import (
                BarColumn,
                MofNCompleteColumn,
                Progress,
                TextColumn,
                TimeRemainingColumn,
            )

            self._progress = Progress(
                TextColumn("{task.description}", markup=False),
                BarColumn(),
                MofNCompleteColumn(),
                TimeRemainingColumn(),
                console=Console(stderr=True),
                transient=True,
            )
            self._progress.start()
        return self._progress


def _size(event: ArtifactReady) -> str:
    pieces = []
    if event.width and event.height:
        pieces.append(f"{event.width}x{event.height}")
    if event.duration_s:
        pieces.append(f"{event.duration_s:.1f} s")
    return f" ({', '.join(pieces)})" if pieces else ""
