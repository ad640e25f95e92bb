"""The sentences about servers that do not do what is asked. Knows no connection."""

from __future__ import annotations

from typing import Protocol

from desktop.tools.mcp.hidden_text import visible
from desktop.tools.protocol import Server, ServerState, ToolInfo
from plugins.errors import KnownError, Problem, phrase, problem_of
from plugins.printable import one_line

_LONGEST = 500


class ProgramEnd(Protocol):
    """How a program ended."""

    @property
    def code(self) -> int | None:
        """Its exit code; None while it runs."""
        ...

    @property
    def last_words(self) -> str:
        """What it said last."""
        ...

    @property
    def too_much(self) -> bool:
        """Whether it was ended for a line without end."""
        ...


def words_of(error: BaseException) -> str:
    """What an error says, on one line; of a group its first one."""
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return one_line(visible(str(error)))[:_LONGEST] or type(error).__name__


def end_of(server: Server, program: ProgramEnd | None, error: BaseException | None) -> Problem:
    """Why a server is not connected any more."""
    found = error
    while isinstance(found, BaseExceptionGroup):
        found = found.exceptions[0]
    if isinstance(found, KnownError):
        return problem_of(found)
    if program is not None and program.too_much:
        return phrase(
            "{server}: expected messages of a bounded size, found one without an end. It was "
            "ended; choose another server.",
            server=server.name,
        )
    if program is not None and program.code is not None and program.last_words:
        return phrase(
            "{server}: expected it to go on, found that it ended with code {code}: {words}",
            server=server.name,
            code=program.code,
            words=program.last_words[:_LONGEST],
        )
    if program is not None and program.code is not None:
        return phrase(
            "{server}: expected it to go on, found that it ended with code {code} and said "
            "nothing. Run its command in a terminal to see why.",
            server=server.name,
            code=program.code,
        )
    if found is not None:
        return phrase(
            "{server}: expected an MCP server that answers, found: {error}. Check its command or "
            "its address.",
            server=server.name,
            error=words_of(found),
        )
    return phrase("{server}: the connection ended.", server=server.name)


def too_slow(server: Server, program: ProgramEnd | None, seconds: float) -> KnownError:
    """The error for a server that does not get ready."""
    return KnownError(
        "{server}: expected it to be ready within {seconds} s, found that it is not. It said last: "
        "{words}",
        server=server.name,
        seconds=round(seconds),
        words=(program.last_words[:_LONGEST] if program else "") or phrase("no word at all"),
    )


def given_up(server: Server, problem: Problem) -> Problem:
    """What is said of a server that dies time and again."""
    return phrase(
        "{server} ended time and again and is not started any more; switch it off and on. {why}",
        server=server.name,
        why=problem,
    )


def not_ready(state: ServerState) -> KnownError:
    """The error for a call to a server that cannot be had."""
    if state.problem is not None:
        return KnownError(state.problem)
    return KnownError("{server}: it is not connected. Ask again.", server=state.name)


def changed(server: Server, tool: ToolInfo) -> KnownError:
    """The error for a tool that is another one since its server was started again."""
    return KnownError(
        "{server}: its tool {tool} is another one than was allowed, as the server was started "
        "again. Look at it, and allow it anew.",
        server=server.name,
        tool=tool.name,
    )


def call_failed(server: Server, tool: ToolInfo, error: BaseException) -> KnownError:
    """The error for a call that the server refused or answered with nonsense."""
    return KnownError(
        "{server} could not call {tool}: {error}",
        server=server.name,
        tool=tool.name,
        error=words_of(error),
    )


class GoneError(KnownError):
    """The error for a server that ended in the middle of a call."""

    def __init__(self, server: Server, tool: ToolInfo, program: ProgramEnd | None) -> None:
        """`program` tells how it ended."""
        super().__init__(
            "{server} ended while it called {tool}; the next call starts it or connects to it "
            "anew. It said last: {words}",
            server=server.name,
            tool=tool.name,
            words=(program.last_words[:_LONGEST] if program else "") or phrase("no word at all"),
        )
