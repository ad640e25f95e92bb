"""Tools that a request offers, and calls in the conversation it tells. Knows no route.

OpenAI's messages part an answer that calls tools into several: the calls, a message for each
result, and what follows. For the engine they are one answer, so they are joined here.
"""

from __future__ import annotations

import re
from typing import Any

import msgspec

from desktop.serve.errors import ApiError
from runtime.messages import (
    MediaPart,
    Message,
    Part,
    ToolCallPart,
    ToolResultPart,
    ToolSpec,
)

MOST = 128
"""Tools of one request."""
_NAME = re.compile(r"[A-Za-z0-9_.-]{1,64}")
_CHOICES = ("auto", "none", "required")
_NO_PARAMETERS = {"type": "object", "properties": {}}


class Function(msgspec.Struct, frozen=True):
    """A function as a model is told of it."""

    name: str
    description: str | None = ""
    parameters: dict[str, Any] | None = None
    strict: bool | None = None


class Called(msgspec.Struct, frozen=True):
    """A function as it was called."""

    name: str
    arguments: str = "{}"


def specs(functions: list[Function], where: str) -> tuple[ToolSpec, ...]:
    """What the engine is told of tools.

    Args:
        functions: of the request.
        where: they stand in it.

    Raises:
        ApiError: too many, two of one name, or a name that is none.
    """
    if len(functions) > MOST:
        raise ApiError(
            f"{where}: expected at most {MOST} tools, found {len(functions)}. Offer fewer.",
            param=where,
        )
    names: set[str] = set()
    for number, function in enumerate(functions):
        name, place = function.name, f"{where}[{number}].name"
        if not _NAME.fullmatch(name) or name in _CHOICES:
            raise ApiError(
                f"{place}: expected 1 to 64 letters, digits, `_`, `-` and `.`, found "
                f"{name[:80]!r}.",
                param=place,
            )
        if name in names:
            raise ApiError(f"{place}: expected another name for each tool.", param=place)
        names.add(name)
    return tuple(
        ToolSpec(one.name, one.description or "", _schema(one.parameters)) for one in functions
    )


def _schema(parameters: dict[str, Any] | None) -> str:
    return msgspec.json.encode(parameters or _NO_PARAMETERS).decode()


def chosen(choice: object, tools: tuple[ToolSpec, ...]) -> tuple[str, tuple[ToolSpec, ...]]:
    """Which tools may or must be called: the engine's word for it, and those that remain.

    Args:
        choice: as the request has it: a word, a tool's name in an object, or `allowed_tools`.
        tools: all of the request.

    Raises:
        ApiError: it is none of these, or names a tool that is not offered.
    """
    if choice is None or (isinstance(choice, str) and choice in _CHOICES):
        return str(choice or "auto"), tools
    if isinstance(choice, dict):
        kind = choice.get("type")
        if kind == "function":
            return _named(choice, tools), tools
        if kind == "allowed_tools":
            inner = choice.get("allowed_tools", choice)
            if isinstance(inner, dict) and isinstance(inner.get("tools"), list):
                kept = {_named(one, tools) for one in inner["tools"]}
                mode = "required" if inner.get("mode") == "required" else "auto"
                return mode, tuple(one for one in tools if one.name in kept)
    raise ApiError(
        f"tool_choice: expected {', '.join(_CHOICES)} or a function of `tools`, found something "
        "else.",
        param="tool_choice",
    )


def _named(choice: object, tools: tuple[ToolSpec, ...]) -> str:
    """The name of a tool in an object, flat or within `function`."""
    found = choice if isinstance(choice, dict) else {}
    inner = found.get("function", found)
    name = inner.get("name") if isinstance(inner, dict) else None
    if not any(one.name == name for one in tools):
        known = ", ".join(one.name for one in tools) or "none"
        raise ApiError(
            f"tool_choice: expected one of the tools that are offered ({known}), found "
            f"{str(name)[:80]!r}.",
            param="tool_choice",
        )
    return str(name)


class Conversation:
    """What was said, message after message, as the engine's."""

    def __init__(self) -> None:
        self._said: list[Message] = []
        self._open: dict[str, str] = {}
        """Names of the calls whose results have not come, by id."""

    def person(self, parts: tuple[Part, ...], where: str) -> None:
        """A person's message.

        Raises:
            ApiError: results of calls are still to come.
        """
        self._complete(where)
        self._said.append(Message("user", parts))

    def answer(self, parts: tuple[Part, ...], where: str, *, joined: bool = False) -> None:
        """An assistant's message, or what follows a tool's result in one.

        Args:
            parts: of it.
            where: it stands in the request.
            joined: whether it goes on with an assistant's message before it in any case.

        Raises:
            ApiError: results of calls are still to come.
        """
        calls = [part for part in parts if isinstance(part, ToolCallPart)]
        if not calls:
            self._complete(where)
        self._open.update({call.id: call.name for call in calls})
        last = self._said[-1] if self._said else None
        if last is not None and last.role == "assistant":
            asked = isinstance(last.parts[-1], ToolCallPart | ToolResultPart)
            if joined or asked:
                parts = (*last.parts, *parts)
                self._said.pop()
        self._said.append(Message("assistant", parts))

    def result(
        self, call_id: str, text: str, where: str, media: tuple[MediaPart, ...] = ()
    ) -> None:
        """What a call gave.

        Raises:
            ApiError: no call of this id waits for it.
        """
        name = self._open.pop(call_id, None)
        if name is None:
            raise ApiError(
                f"{where}: expected the id of a call that the answer before it made and that has "
                f"no result yet, found {call_id[:80]!r}.",
                param=where,
            )
        last = self._said[-1]
        part = ToolResultPart(call_id, name, text, media=media)
        self._said[-1] = msgspec.structs.replace(last, parts=(*last.parts, part))

    def messages(self, where: str) -> tuple[Message, ...]:
        """All of it.

        Raises:
            ApiError: nobody waits for an answer.
        """
        self._complete(where)
        last = self._said[-1] if self._said else None
        if last is None or not (last.role == "user" or last.goes_on):
            raise ApiError(
                f"{where}: expected a last message of the role user or a tool's result, found "
                f"{'none' if last is None else last.role}.",
                param=where,
            )
        return tuple(self._said)

    def _complete(self, where: str) -> None:
        if self._open:
            missing = ", ".join(self._open)
            raise ApiError(
                f"{where}: expected a result for each call before the next message, found none "
                f"for {missing}. Give the results, or leave the calls out.",
                param=where,
            )


def call_part(call_id: str, called: Called, where: str) -> ToolCallPart:
    """A call that an answer made.

    Raises:
        ApiError: its arguments are no JSON object.
    """
    try:
        msgspec.json.decode(called.arguments or "{}", type=dict[str, Any])
    except (msgspec.MsgspecError, RecursionError) as error:
        raise ApiError(
            f"{where}.arguments: expected a JSON object, found something else ({error}).",
            param=f"{where}.arguments",
        ) from error
    return ToolCallPart(call_id, called.name, called.arguments or "{}")
