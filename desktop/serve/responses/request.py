"""`POST /v1/responses`: the request, typed, and the engine's turn for it. Knows no HTTP."""

from __future__ import annotations

from typing import Any, Literal

import msgspec

from desktop.serve import tools
from desktop.serve.chat.request import no_system
from desktop.serve.errors import ApiError
from desktop.serve.extension import Extension
from desktop.serve.media.attachments import Attachments
from desktop.serve.responses.items import Item, said_in
from desktop.serve.sampling import sampling_of, seed_of, thinks
from runtime.messages import ToolSpec, Turn

_ANY_OBJECT = '{"type":"object"}'


class TextFormat(msgspec.Struct, frozen=True):
    """The form that the words must have."""

    type: Literal["text", "json_object", "json_schema"] = "text"
    name: str = ""
    schema: dict[str, Any] | None = None


class Text(msgspec.Struct, frozen=True):
    """How the words are to be."""

    format: TextFormat | None = None


class Reasoning(msgspec.Struct, frozen=True):
    """How much is to be thought first."""

    effort: str | None = None


class ResponseRequest(msgspec.Struct, frozen=True):
    """The body. What is not named here is ignored; what would change the answer is refused."""

    input: str | list[Item] | None = None
    model: str | None = None
    instructions: str | None = None
    previous_response_id: str | None = None
    store: bool | None = True
    stream: bool | None = False
    max_output_tokens: int | None = None
    temperature: float | None = None
    top_p: float | None = None
    text: Text | None = None
    reasoning: Reasoning | None = None
    tools: list[dict[str, Any]] | None = None
    tool_choice: Any = None
    parallel_tool_calls: bool | None = True
    truncation: Literal["auto", "disabled"] | None = None
    metadata: dict[str, Any] | None = None
    background: bool | None = False
    conversation: Any = None
    prompt: Any = None
    top_logprobs: int | None = None
    seed: int | None = None
    modalities: list[str] | None = None
    x_medley: Extension = Extension()

    @property
    def items(self) -> list[Item]:
        """What was given, as items. Raises ApiError where that is nothing."""
        if isinstance(self.input, list):
            return self.input
        if not self.input:
            raise ApiError("input: expected words or items, found none.", param="input")
        return [{"type": "message", "role": "user", "content": self.input}]

    @property
    def form(self) -> TextFormat:
        """The form of the words."""
        return (self.text and self.text.format) or TextFormat()


def turn_of(
    request: ResponseRequest, items: list[Item], attachments: Attachments, *, takes_system: bool
) -> Turn:
    """The engine's turn for a request; its media become files.

    Args:
        request: it.
        items: what was said before, and what it gives.
        attachments: its media.
        takes_system: whether the bundle has a place for a system message.

    Raises:
        ApiError: it asks for what Medley cannot do, or a medium is none.
    """
    _check(request)
    system, messages = said_in(items, attachments)
    system = "\n\n".join(filter(None, (request.instructions, system)))
    if system and not takes_system:
        raise no_system(request.model, "instructions")
    choice, offered = tools.chosen(request.tool_choice, _offered(request))
    form = request.form
    allowed = ("text",) if form.type != "text" else request.modalities
    return Turn(
        messages=messages,
        allowed=None if allowed is None else tuple(dict.fromkeys(allowed)),
        system=system or None,
        seed=seed_of(request.seed),
        sampling=sampling_of(
            request.temperature,
            request.top_p,
            request.max_output_tokens,
            None,
            _schema(form),
            "max_output_tokens",
        ),
        parameters=request.x_medley.parameters,
        whole=request.truncation != "auto",
        may_be_empty=True,
        think=thinks(None if request.reasoning is None else request.reasoning.effort),
        tools=offered,
        tool_choice=choice,
        parallel_calls=request.parallel_tool_calls is not False,
    )


def _check(request: ResponseRequest) -> None:
    for name, expected in (
        ("background", "false: an answer is waited for"),
        ("conversation", "none: give previous_response_id"),
        ("prompt", "none: prompts are not kept here"),
        ("top_logprobs", "none: likelihoods are not told"),
    ):
        if getattr(request, name):
            raise ApiError(
                f"{name}: expected {expected}. Leave it out.",
                param=name,
                code="unsupported_parameter",
            )


def _offered(request: ResponseRequest) -> tuple[ToolSpec, ...]:
    """The functions; a model that draws does so without being offered to."""
    functions = []
    for number, tool in enumerate(request.tools or []):
        kind, where = tool.get("type"), f"tools[{number}]"
        if kind == "image_generation":
            continue
        if kind != "function":
            raise ApiError(
                f"{where}.type: expected function, found {str(kind)[:60]!r}: this server has no "
                "tools of its own. Leave it out.",
                param=f"{where}.type",
                code="unsupported_parameter",
            )
        try:
            functions.append(msgspec.convert(tool, tools.Function))
        except msgspec.ValidationError as error:
            raise ApiError(f"{where}: {error}.", param=where) from error
    return tools.specs(functions, "tools")


def _schema(form: TextFormat) -> str:
    """The JSON schema that the words must fit; empty for any words."""
    if form.type == "text":
        return ""
    if form.type == "json_object":
        return _ANY_OBJECT
    if form.schema is None:
        where = "text.format.schema"
        raise ApiError(f"{where}: expected a JSON schema, found none.", param=where)
    return msgspec.json.encode(form.schema).decode()
