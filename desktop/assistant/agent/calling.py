"""Has the tools of a session called, each call with what it needs of Medley meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from desktop.assistant.agent.halt import Halt
from desktop.assistant.agent.loop import Made
from desktop.assistant.agent.toolbox import Toolbox
from desktop.tools.protocol import Called, CallFailed, Context, ElicitAsked, Elicited, ToolInfo

if TYPE_CHECKING:
    from desktop.assistant.agent.session import Session


class SessionCaller:
    """The `Caller` of a session's loop."""

    def __init__(self, toolbox: Toolbox, session: Session) -> None:
        self._toolbox, self._session = toolbox, session
        self.preview = toolbox.preview

    def call(self, made: Made, tool: ToolInfo, context: Context, halt: Halt) -> Called | CallFailed:
        """Make a call."""
        owner = _Owner(self._session, made.call.id)
        try:
            return self._toolbox.call(tool, made.meant.arguments, context, owner, halt)
        finally:
            self._session.forget_elicitations(made.call.id)


class _Owner:
    """A call that is being made."""

    def __init__(self, session: Session, call_id: str) -> None:
        self._session, self._call_id = session, call_id
        self._services = session.services(call_id)

    def serve(self, name: str, arguments: dict[str, Any]) -> dict[str, Any]:
        """Do something for it."""
        self._session.halt.check()
        return self._services.serve(name, arguments)

    def elicit(self, asked: ElicitAsked, answer: Callable[[Elicited], None]) -> None:
        """Have the person asked."""
        self._session.elicit(self._call_id, asked, answer)

    def progressed(self, step: int, of: int) -> None:
        """It is so far."""
        self._session.progressed(self._call_id, step, of)
