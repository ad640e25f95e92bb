"""`medley chat`: a conversation in the terminal.

Keeps the history as messages (media and signals in their places) and hands it whole to the engine,
which reuses what it still remembers.
"""

from __future__ import annotations

import argparse
import contextlib
import difflib
import os
import shlex
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from desktop.cli.attachments import given
from desktop.cli.options import (
    Parser,
    add_bundle,
    add_device,
    add_manner,
    add_on,
    add_out,
    add_seed,
    add_think,
    sampling,
)
from desktop.cli.printing.markdown import Exchange, write_transcript
from desktop.cli.printing.output import OutputFolder, shown
from desktop.cli.printing.readings import with_observations
from desktop.cli.printing.terminal import Screen, printable
from desktop.cli.tools.use import ToolUse, add_tools, answered, tools_for
from desktop.cli.turn import Answer, Interrupt, Save, about, asked, why_empty
from desktop.file_names import slug
from desktop.modalities import noun
from plugins.errors import KnownError
from plugins.printable import one_line
from runtime.messages import MediaPart, Message, Sampling, TextPart, ToolCallPart, Turn

if TYPE_CHECKING:
    from desktop.cli.elsewhere import RemoteEngine
    from runtime.engine import Engine
    from runtime.worker.protocol import OfferedBundle

HELP = """\
  /image FILE   show a picture with your next message
  /audio FILE   let it hear a sound
  /video FILE   show a clip
  /file FILE    give a medium or document of any kind
  /save [DIR]   write this conversation and its files into a folder
  /help         these lines
  /quit         leave (so does Ctrl-D)
Ctrl-C stops an answer."""
COMMANDS = ("/image", "/audio", "/video", "/file", "/save", "/help", "/quit")


@dataclass
class Conversation:
    """What was said, and what waits to go with the next message."""

    engine: Engine | RemoteEngine
    screen: Screen
    folder: OutputFolder
    seed: int | None
    system: str | None = None
    """What the model is told about its task; None is the bundle's own."""
    sampling: Sampling = field(default_factory=Sampling)
    think: bool | None = None
    """Whether a model that can think before its answer does; None is the bundle's own."""
    use: ToolUse | None = None
    """The tools that the model may ask for."""
    messages: tuple[Message, ...] = ()
    exchanges: list[Exchange] = field(default_factory=list)
    pending: list[MediaPart] = field(default_factory=list)

    def say(self, text: str) -> None:
        """Send a message and show the answer; the history grows only by what was answered.

        Raises:
            KnownError: the answer failed; the conversation stands as before, without what was to go
                with this message: a broken file must not stand in the way of the next one.
        """
        parts = (*self.pending, *([TextPart(text)] if text else ()))
        asked = Message("user", parts)
        turn = Turn(
            messages=(*self.messages, asked),
            system=self.system,
            seed=self.seed,
            sampling=self.sampling,
            think=self.think,
        )
        save = Save(self.folder, slug(text) if text else "answer")
        self.pending.clear()
        with Interrupt() as interrupt:
            answer = answered(self.engine, turn, interrupt, self.screen, save, self.use)
        self._remember(with_observations(asked, answer.readings), answer)
        if interrupt.asked:
            self.screen.note("stopped")
        elif answer.empty and not _called(answer):
            raise why_empty(answer)

    def command(self, line: str) -> bool:
        """Obey a line that begins with a slash; False when it is time to leave.

        Raises:
            KnownError: no such command, or its file is no good.
        """
        name, _, rest = line.partition(" ")
        match name:
            case "/quit":
                return False
            case "/help":
                print(HELP)
            case "/save":
                self._save(_path(rest) if rest.strip() else self.folder.folder)
            case "/image" | "/audio" | "/video" | "/file":
                self._attach(name.removeprefix("/"), rest)
            case _:
                near = difflib.get_close_matches(name, COMMANDS, n=1, cutoff=0.5)
                hint = f"did you mean {near[0]}?" if near else "type /help to see what there is."
                raise KnownError(f"unknown command {name!r}; {hint}")
        return True

    def _attach(self, kind: str, rest: str) -> None:
        if not rest.strip():
            raise KnownError(f"/{kind} needs a file, for example /{kind} my-file")
        path = _path(rest)
        part = given(kind, path)
        self.pending.append(part)
        print(f"({noun(part.modality)} {shown(path)} goes with your next message)")

    def _save(self, folder: Path) -> None:
        if not self.exchanges:
            raise KnownError("there is nothing to save yet; say something first.")
        print(f"conversation: {shown(write_transcript(self.exchanges, folder))}")

    def _remember(self, asked: Message, answer: Answer) -> None:
        self.exchanges.append(
            Exchange(asked, answer.text, tuple(path for _, path in answer.artifacts))
        )
        reply = answer.done.reply if answer.done is not None else None
        if reply is not None and reply.says_anything:
            self.messages = (*self.messages, asked, reply)


def add_arguments(parser: Parser) -> None:
    """The grammar of `medley chat`."""
    add_out(parser)
    add_seed(parser)
    add_manner(parser)
    add_think(parser)
    add_bundle(parser)
    add_device(parser)
    add_on(parser)
    add_tools(parser)


def run(options: argparse.Namespace) -> int:
    """Talk until /quit, the end of input, or Ctrl-C at the prompt."""
    folder = OutputFolder(options.out)
    folder.check()
    with contextlib.suppress(ImportError):
        import readline  # noqa: F401  importing it gives `input` line editing and history
    screen = Screen()
    try:
        with (
            tools_for(options, screen) as use,
            asked(options.bundle, options.on, screen, options.device) as engine,
        ):
            _greet(about(engine), options.on)
            manner = (options.seed, options.system, sampling(options), options.think, use)
            _loop(Conversation(engine, screen, folder, *manner))
    finally:
        screen.close()
    return 0


def _loop(conversation: Conversation) -> None:
    while (line := _read_line()) is not None:
        try:
            if line.startswith("/"):
                if not conversation.command(line):
                    return
            elif line or conversation.pending:
                conversation.say(line)
        except KnownError as error:
            print(f"medley: error: {one_line(str(error))}", file=sys.stderr, flush=True)


def _called(answer: Answer) -> bool:
    reply = None if answer.done is None else answer.done.reply
    return reply is not None and any(isinstance(part, ToolCallPart) for part in reply.parts)


def _read_line() -> str | None:
    try:
        return input("> " if sys.stdin.isatty() else "").strip()
    except EOFError:
        if sys.stdin.isatty():
            print()
        return None


def _greet(bundle: OfferedBundle, on: str) -> None:
    place = f" on {on}" if on else ""
    lines = [f"{bundle.title} {bundle.version}{place}. {bundle.description}"]
    if bundle.limits:
        lines.append(bundle.limits)
    if bundle.examples:
        lines += ["Try:", *(f"  {example}" for example in bundle.examples)]
    lines.append("Type /help for more, /quit to leave.")
    print(printable("\n".join(lines)), flush=True)


def _path(text: str) -> Path:
    """A path as typed or dropped into a terminal: quotes and backslashes are taken off."""
    try:
        words = shlex.split(text)
    except ValueError:
        words = []
    return Path(os.path.expanduser(words[0] if len(words) == 1 else text.strip()))
