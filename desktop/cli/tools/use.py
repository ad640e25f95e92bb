"""Tools in a terminal: `medley ask` and `medley chat` with `--tools`.

The same loop as the window's; a call is printed on stderr, the person is asked there, and without a
terminal everything that asks is refused unless `--allow` named it.
"""

from __future__ import annotations

import argparse
import contextlib
import datetime
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from desktop.assistant.agent.briefing import briefing
from desktop.assistant.agent.consent import Choice, Question
from desktop.assistant.agent.halt import Halt
from desktop.assistant.agent.history import FOREIGN, result_part
from desktop.assistant.agent.loop import CallLoop, Made
from desktop.assistant.agent.offers import Offers
from desktop.assistant.agent.services import Services
from desktop.assistant.agent.toolbox import Toolbox
from desktop.assistant.answer_saving import SILENT
from desktop.cli.options import Parser
from desktop.cli.printing.output import shown
from desktop.cli.printing.terminal import Screen, printable
from desktop.cli.tools.kept import folder_of
from desktop.cli.tools.media import TerminalMedia
from desktop.cli.tools.words import described, excerpt
from desktop.cli.turn import Answer, Interrupt, Save, about, run_turn
from desktop.tools.protocol import (
    Called,
    CallFailed,
    Context,
    ElicitAsked,
    Elicited,
    GrantedFolder,
    ToolInfo,
)
from desktop.tools.servers import enabled_servers
from plugins.errors import Cancelled, KnownError
from plugins.printable import one_line
from plugins.switches import enabled_plugins
from runtime.messages import MediaPart, Message, ToolCallPart, Turn
from storage.errors import LibraryError
from storage.library import Library
from storage.records import ToolPart

if TYPE_CHECKING:
    from desktop.cli.elsewhere import RemoteEngine
    from runtime.engine import Engine

ANSWERS: dict[str, Choice] = {
    "y": "once", "yes": "once", "a": "always", "n": "refuse", "no": "refuse", "N": "never"
}  # fmt: skip
_WORDS = {"once": "y once", "always": "a always", "refuse": "n no", "never": "N never"}


def add_tools(parser: Parser) -> None:
    """`--tools`, `--tool NAME`, `--folder DIR[:rw]` and `--allow TOOL`."""
    parser.add_argument(
        "--tools",
        action="store_true",
        help="let the model ask for tools; you are asked before one touches anything",
    )
    parser.add_argument(
        "--tool", action="append", default=[], metavar="NAME",
        help="only this tool; may be given several times",
    )  # fmt: skip
    parser.add_argument(
        "--folder", action="append", default=[], metavar="DIR[:rw]",
        help="a folder in which tools may read, with :rw also write; may be given several times",
    )  # fmt: skip
    parser.add_argument(
        "--allow", action="append", default=[], metavar="TOOL",
        help="do not ask for this tool, this time; may be given several times",
    )  # fmt: skip


def wants_tools(options: argparse.Namespace) -> bool:
    """Whether any option asks for tools."""
    return bool(options.tools or options.tool or options.folder or options.allow)


@dataclass
class ToolUse:
    """The tools of one command."""

    toolbox: Toolbox
    library: Library | None
    """None where nothing of it can be read."""
    writable: bool
    """Whether the library is held by this process."""
    folders: tuple[GrantedFolder, ...]
    only: tuple[str, ...]
    allowed: tuple[str, ...]
    screen: Screen
    read_answer: Callable[[str], str] = input
    made: list[Made] = field(default_factory=list)
    """All calls of this command."""

    def offers(self, n_ctx: int) -> Offers:
        """What the model is offered.

        Raises:
            KnownError: a tool that was named is not there.
        """
        found = self.toolbox.tools()
        names = {tool.name for tool in found.tools}
        for name in (*self.only, *self.allowed):
            if name not in names:
                raise KnownError(f"no tool {name!r}; see `medley tools list`.")
        tools = [tool for tool in found.tools if not self.only or tool.name in self.only]
        servers = [server.name for server in found.servers]
        return Offers(tools, n_ctx, servers, folders=bool(self.folders))


@contextmanager
def tools_for(options: argparse.Namespace, screen: Screen) -> Iterator[ToolUse | None]:
    """The tools of a command; None where it asked for none.

    Raises:
        KnownError: a folder is not there, or the tools do not start.
    """
    if not wants_tools(options):
        yield None
        return
    named = [folder_of(text) for text in options.folder]
    with contextlib.ExitStack() as stack:
        library, writable = _library()
        if library is not None:
            stack.enter_context(closing(library))
        toolbox = stack.enter_context(closing(Toolbox()))
        toolbox.configure(sorted(enabled_plugins()), enabled_servers())
        folders = tuple(GrantedFolder(str(path), rw) for path, rw in named)
        yield ToolUse(
            toolbox, library, writable, folders, tuple(options.tool), tuple(options.allow), screen
        )


def answered(
    engine: Engine | RemoteEngine,
    turn: Turn,
    interrupt: Interrupt,
    screen: Screen,
    save: Save,
    use: ToolUse | None,
) -> Answer:
    """Answer a turn, with the tools of `use` where there are any. Raises as `run_turn`."""
    if use is None:
        return run_turn(engine, turn, interrupt, screen, save)
    return run_with_tools(engine, turn, interrupt, screen, save, use)


def run_with_tools(
    engine: Engine | RemoteEngine,
    turn: Turn,
    interrupt: Interrupt,
    screen: Screen,
    save: Save,
    use: ToolUse,
) -> Answer:
    """Answer a turn whose model may ask for tools; `done.reply` holds all its steps.

    Raises:
        KnownError: the engine could not answer, or a file could not be written.
    """
    offers = use.offers(about(engine).n_ctx)
    memories = [] if use.library is None else use.library.memories.all()
    told = briefing(memories, use.folders, datetime.date.today())
    media = TerminalMedia(engine, turn.messages, save, screen, interrupt)
    terminal = Terminal(use, media, screen, save)
    with interrupt.halting() as halt:
        loop = CallLoop(offers, terminal, terminal, terminal, lambda: Context(use.folders), halt)
        asked = turn.messages
        turn = msgspec.structs.replace(turn, tools=offers.specs, briefing=told.text)
        whole, parts = Answer(), list[Any]()
        while True:
            step = run_turn(engine, turn, interrupt, screen, save)
            _join(whole, step)
            done = step.done
            if done is not None and parts and done.finish == "end" and not step.text.strip():
                screen.note(str(SILENT))
            if done is None or done.finish != "tool_calls" or interrupt.asked:
                break
            parts += done.reply.parts
            calls = [part for part in done.reply.parts if isinstance(part, ToolCallPart)]
            try:
                made = loop.run(calls)
            except Cancelled:
                break
            finally:
                whole.artifacts += media.taken()
            parts += [terminal.result(one) for one in made]
            if loop.note is not None:
                screen.note(str(loop.note))
            if loop.ends:
                break
            turn = msgspec.structs.replace(
                turn,
                messages=(*asked, Message("assistant", tuple(parts))),
                may_be_empty=True,
                tool_choice=loop.tool_choice,
            )
    if whole.done is not None:
        last = () if whole.done.finish == "tool_calls" else whole.done.reply.parts
        reply = Message("assistant", (*parts, *last))
        whole.done = msgspec.structs.replace(whole.done, reply=reply)
    return whole


class Terminal:
    """Where calls are shown and asked for, made and decided on."""

    def __init__(self, use: ToolUse, media: TerminalMedia, screen: Screen, save: Save) -> None:
        self._use, self._media, self._screen, self._save = use, media, screen, save
        self._logged: dict[str, int] = {}
        self._given: dict[str, list[MediaPart]] = {}
        self.preview = use.toolbox.preview

    def decision(self, server: str, tool: str, definition: str, folders: Sequence[str]) -> Any:
        """What the person decided before, `--allow` among it."""
        library = self._use.library
        found = library and library.tools.decision(server, tool, definition, folders)
        return "always" if found is None and tool in self._use.allowed else found

    def was_other(self, server: str, tool: str, definition: str) -> bool:
        """Whether the tool is another one than was decided on."""
        library = self._use.library
        return library is not None and library.tools.was_other(server, tool, definition)

    def asking(self, made: Made) -> None:
        """It is shown once it is decided on."""
        self._use.made.append(made)

    def running(self, made: Made, decision: str) -> None:
        """Say what is being called."""
        made.details["decision"] = decision
        self._log(made, {"free": "unasked"}.get(decision, decision), "running")
        self._screen.note(f"{made.meant.name} {one_line(made.meant.arguments)[:400]}")

    def over(self, made: Made, called: Called | None) -> None:
        """Print what a call gave, and save its files."""
        for file in called.files if called is not None else ():
            self._take(made, Path(file.path), file.name)
        if made.state == "refused":
            never = bool(made.details.get("never"))
            self._log(made, "never" if never else "refused", made.state)
            self._screen.note(f"{made.meant.name} was refused")
        else:
            self._screen.aside(excerpt(made.text))
        if (logged := self._logged.get(made.call.id)) and self._use.library is not None:
            self._use.library.tools.ended(logged, made.state, made.details.get("seconds"))

    def ask(self, question: Question, halt: Halt) -> Choice:
        """Ask on the terminal; where there is none the answer is no."""
        tool = question.tool
        if tool.name in self._use.allowed:
            return "once"
        if not (sys.stdin.isatty() and sys.stderr.isatty()):
            self._screen.note(
                f"{tool.name} asks, and nobody can be asked here; --allow {tool.name} lets it"
            )
            return "refuse"
        offered = [one for one in question.choices if self._use.writable or one not in _LASTING]
        for line in described(question):
            print(printable(line), file=sys.stderr)
        prompt = f"  {', '.join(_WORDS[one] for one in offered)}? "
        while True:
            try:
                said = self._use.read_answer(prompt).strip()
            except EOFError:
                return "refuse"
            halt.check()
            choice = ANSWERS.get(said) or ANSWERS.get(said.lower())
            if choice in offered:
                return choice

    def decide(self, question: Question, choice: Choice) -> None:
        """Keep an answer for later calls."""
        library, tool = self._use.library, question.tool
        if library is None or not self._use.writable:
            return
        for folder in (question.folders if choice == "always" else ()) or ("",):
            library.tools.decide(
                tool.server, tool.name, tool.definition, folder,
                "never" if choice == "never" else "always",
            )  # fmt: skip

    def call(self, made: Made, tool: ToolInfo, context: Context, halt: Halt) -> Called | CallFailed:
        """Make a call."""
        return self._use.toolbox.call(tool, made.meant.arguments, context, self, halt)

    def serve(self, name: str, arguments: dict[str, Any]) -> dict[str, Any]:
        """Do something of Medley's for a call."""
        library = self._use.library
        if not self._use.writable and name in _WRITING:
            library = None
        return Services(library, None, self._media).serve(name, arguments)

    def elicit(self, asked: ElicitAsked, answer: Callable[[Elicited], None]) -> None:
        """A server's questions are answered in the window only."""
        self._screen.note(f"{asked.server} asks: {asked.message}")
        answer(Elicited(asked.id, "decline"))

    def progressed(self, step: int, of: int) -> None:
        """Not shown."""

    def result(self, made: Made) -> Any:
        """What the model is told of a call."""
        tool = made.meant.tool
        part = ToolPart(
            0, made.call.id, tool.server if tool else "", made.call.name, made.call.arguments,
            made.state, made.text, {FOREIGN: made.details.get(FOREIGN, False)},
        )  # fmt: skip
        return result_part(part, tuple(self._given.get(made.call.id, ())))

    def _take(self, made: Made, path: Path, name: str) -> None:
        from desktop.cli.attachments import anything

        try:
            kept = self._save.folder.save(path.read_bytes(), Path(name).stem, path.suffix)
            self._given.setdefault(made.call.id, []).append(replace_name(anything(kept), name))
            print(f"file: {shown(kept)}", file=sys.stderr)
        except KnownError as error:
            made.text += f"\n[{name}: {error}]"
        finally:
            path.unlink(missing_ok=True)

    def _log(self, made: Made, decision: Any, state: Any) -> None:
        library, tool = self._use.library, made.meant.tool
        if library is None or not self._use.writable or tool is None:
            return
        self._logged[made.call.id] = library.tools.log(
            None, made.call.id, tool.server, tool.name, made.meant.arguments, decision, state
        ).id


_LASTING = ("always", "never")
_WRITING = frozenset({
    "reminders.add", "reminders.remove", "memory.add", "memory.forget",
})  # fmt: skip


def replace_name(part: MediaPart, name: str) -> MediaPart:
    """The medium under another name."""
    return msgspec.structs.replace(part, name=name)


def calls_json(use: ToolUse | None) -> list[dict[str, Any]]:
    """The calls as `--json` prints them."""
    return [
        {
            "tool": one.meant.name,
            "arguments": one.meant.arguments,
            "state": one.state,
            "decision": one.details.get("decision", ""),
            "result": one.text,
        }
        for one in (use.made if use is not None else ())
    ]


def _library() -> tuple[Library | None, bool]:
    """The person's library, and whether it may be written to: a window may hold it."""
    try:
        return Library.open(), True
    except LibraryError:
        try:
            return Library.open(read_only=True), False
        except LibraryError:
            return None, False


def _join(whole: Answer, step: Answer) -> None:
    whole.done, whole.thought = step.done, step.thought
    if step.text and whole.text and not whole.text[-1].isspace():
        whole.text += "\n"
    whole.text += step.text
    whole.thinking += step.thinking
    whole.artifacts += step.artifacts
    whole.failures += step.failures
    whole.readings += step.readings
