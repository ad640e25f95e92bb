"""Makes the calls that a model asked for in one step of its answer, and says how it goes on.

The same for the window and the command line: what differs (where calls are kept, how a person is
asked) is a `Surface`. Waits for the person and the tools on the thread that runs it.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

from desktop.assistant.agent import consent, limits, results
from desktop.assistant.agent.arguments import canonical, checked
from desktop.assistant.agent.consent import Choice, Permissions, Question
from desktop.assistant.agent.halt import Halt
from desktop.assistant.agent.limits import Limits
from desktop.assistant.agent.offers import CALL, SEARCH, Meant, Offers
from desktop.tools.protocol import Called, CallFailed, Context, Previewed, ToolInfo
from plugins.errors import KnownError, Problem
from runtime.messages import ToolCallPart

State = Literal["running", "done", "failed", "refused", "interrupted"]
_TELL_REFUSED = (
    "The person does not allow this call. Do not ask for it again; answer without it, or say what "
    "you would need."
)
_TELL_NEVER = "The person never allows this tool. Answer without it."


@dataclass
class Made:
    """A call and what became of it."""

    call: ToolCallPart
    meant: Meant
    step: int
    state: State = "running"
    text: str = ""
    """What it gave, or why it gave nothing: for the model and the person."""
    details: dict[str, Any] = field(default_factory=dict)


class Caller(Protocol):
    """Has tools called; see `Toolbox`."""

    def preview(self, tool: ToolInfo, arguments: str, context: Context, halt: Halt) -> Previewed:
        """What a call would do."""
        ...

    def call(self, made: Made, tool: ToolInfo, context: Context, halt: Halt) -> Called | CallFailed:
        """Make it."""
        ...


class Surface(Protocol):
    """Where calls are kept before they are shown, and how the person is asked."""

    def asking(self, made: Made) -> None:
        """A call is about to be decided."""
        ...

    def running(self, made: Made, decision: str) -> None:
        """It is being made."""
        ...

    def over(self, made: Made, called: Called | None) -> None:
        """It is over; files that it gave are taken now."""
        ...

    def ask(self, question: Question, halt: Halt) -> Choice:
        """Wait for the person, without limit.

        Raises:
            Cancelled: it was stopped.
        """
        ...

    def decide(self, question: Question, choice: Choice) -> None:
        """Keep an answer that is for later calls too."""
        ...


class CallLoop:
    """The calls of one answer, step by step."""

    def __init__(
        self,
        offers: Offers,
        caller: Caller,
        surface: Surface,
        permissions: Permissions,
        context: Callable[[], Context],
        halt: Halt,
        message_id: int = 0,
    ) -> None:
        """`context` says, for each call anew, what it may reach."""
        self.offers, self.limits = offers, Limits()
        self.note: Problem | None = None
        """What the person is told of why the answer ends."""
        self.ends = False
        """Whether the answer is over: no further step."""
        self.foreign = False
        """Whether it holds text from elsewhere."""
        self._caller, self._surface, self._permissions = caller, surface, permissions
        self._context, self._halt = context, halt
        self._message_id = message_id
        self._repeats = False
        """Whether all calls of the last step had been made before."""

    def run(self, calls: Sequence[ToolCallPart], again: bool = False) -> list[Made]:
        """Make the calls of one step, in order.

        Args:
            calls: as the model asked for them.
            again: whether they are those of a step that was interrupted.

        Raises:
            Cancelled: it was stopped; what was over is kept, the rest is not.
        """
        if not again:
            self.limits.step()
        made = [Made(call, self.meant(call), self.limits.steps) for call in calls]
        for one in made:
            self._surface.asking(one)
        for one in made:
            self._halt.check()
            if self.ends:
                self._end(one, "failed", limits.LAST_STEP)
            else:
                self._make(one)
        self._repeats = all(one.text == limits.SAME_AGAIN for one in made)
        if self.limits.is_last and not self.ends:
            self.note = self.note or limits.TOO_MANY
        return made

    @property
    def tool_choice(self) -> Literal["auto", "none"]:
        """Whether the model may ask for tools in its next step. One that only repeated itself, as
        small models do, is to say what it has found."""
        return "none" if self.limits.is_last or self._repeats else "auto"

    def meant(self, call: ToolCallPart) -> Meant:
        """The tool that a call means."""
        return self.offers.meant(call.name, call.arguments)

    def _make(self, one: Made) -> None:
        meant, tool = one.meant, one.meant.tool
        if tool is None:
            names = ", ".join(self.offers.tools) if not self.offers.searched else SEARCH.name
            self._correct(one, f"There is no tool {meant.name[:64]!r}. There are: {names[:1000]}")
            return
        try:
            arguments = checked(meant.arguments, tool.parameters)
        except KnownError as error:
            self._correct(one, str(error))
            return
        server, name = tool.server, tool.name
        verdict = self.limits.call(server, name, canonical(meant.arguments))
        if verdict != "make":
            if verdict == "end":
                self.ends, self.note = True, limits.REPEATED
            self._end(one, "failed", limits.SAME_AGAIN)
        elif tool is SEARCH:
            self._end(one, "done", self.offers.search(str(arguments["query"])))
        elif tool is CALL:
            self._correct(one, "call_tool needs the name of a tool that search_tools found.")
        else:
            self._decide(one, tool, arguments)

    def _correct(self, one: Made, text: str) -> None:
        """A call that does not fit is given back to the model, and then to the person."""
        if self.limits.unfit() == "end":
            self.ends, self.note = True, limits.NEVER_FIT
        self._end(one, "failed", text)

    def _decide(self, one: Made, tool: ToolInfo, arguments: dict[str, Any]) -> None:
        context = self._context()
        folders = consent.folders_of(tool, arguments, context.folders)
        decision = consent.decided(tool, folders, self._permissions, foreign=self.foreign)
        if decision == "never":
            self._end(one, "refused", _TELL_NEVER, never=True)
            return
        how: str = decision
        if decision == "ask":
            choice = self._asked(one, tool, folders, context)
            if choice is None:
                return
            how = choice
        self._surface.running(one, how)
        self._call(one, tool, context)

    def _asked(
        self, one: Made, tool: ToolInfo, folders: tuple[str, ...], context: Context
    ) -> Choice | None:
        """The person's answer; None where the call is over, as it cannot or may not be made."""
        preview = self._caller.preview(tool, one.meant.arguments, context, self._halt)
        if preview.problem is not None:
            self._end(one, "failed", str(preview.problem))
            return None
        question = Question(
            self._message_id,
            one.call.id,
            tool,
            one.meant.arguments,
            folders,
            consent.choices(tool, foreign=self.foreign),
            preview if preview.text else None,
            self._permissions.was_other(tool.server, tool.name, tool.definition),
            self.foreign,
        )
        choice = self._surface.ask(question, self._halt)
        if choice not in question.choices:
            choice = "refuse"
        if choice in ("always", "never"):
            self._surface.decide(question, choice)
        if choice in ("refuse", "never"):
            text = _TELL_NEVER if choice == "never" else _TELL_REFUSED
            self._end(one, "refused", text, never=choice == "never")
            return None
        return choice

    def _call(self, one: Made, tool: ToolInfo, context: Context) -> None:
        begin = time.monotonic()
        outcome = self._caller.call(one, tool, context, self._halt)
        one.details["seconds"] = round(time.monotonic() - begin, 2)
        if isinstance(outcome, CallFailed):
            if outcome.changed:
                one.details["changed"] = True
            self._end(one, "failed", str(outcome.problem))
            self._halt.check()
            return
        if tool.foreign_text:
            self.foreign = True
            one.details["foreign"] = True
        if outcome.undo:
            one.details["undo"] = outcome.undo
        text = results.cut(results.cleaned(outcome.text))
        self._end(one, "failed" if outcome.failed else "done", text, called=outcome)

    def _end(
        self, one: Made, state: State, text: str, *, never: bool = False,
        called: Called | None = None,
    ) -> None:  # fmt: skip
        one.state, one.text = state, text
        if never:
            one.details["never"] = True
        self._surface.over(one, called)
