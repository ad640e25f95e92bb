"""`python -m runtime.composition.rendering`: renders a chat template that came with a model.

The template is a program from anywhere, so it runs in jinja2's sandbox, in a process of its own
with little memory and little time. Reads a `Task` on its stdin and writes texts on its stdout.
"""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import msgspec

from plugins.errors import KnownError
from runtime.process.own_program import process_command

MOST_MEMORY, MOST_SECONDS = 512 << 20, 10
"""Bytes of memory, and seconds, of one process."""
_MOST_WAITING = 6
"""Times its seconds that a process may take on a machine that does other work too."""
MOST_TEXT = 1_000_000
"""Characters of a conversation of a few words as a template writes it."""
DATE = "MEDLEYdate"
"""Stands where a template writes today's date."""


class Probe(msgspec.Struct, frozen=True):
    """A conversation with tools, as chat templates are given it."""

    messages: tuple[dict[str, Any], ...]
    tools: tuple[dict[str, Any], ...]


class Task(msgspec.Struct, frozen=True):
    """What is to be rendered."""

    template: str
    """In Jinja."""
    bos: str
    """Text of the token that begins a text."""
    eos: str
    """Text of the token that ends one."""
    conversations: tuple[tuple[tuple[str, str], ...], ...]
    """Each of roles and words."""
    thinks: tuple[bool, ...] = ()
    """For each, whether the model is to think before its answer; none is, by default."""
    probes: tuple[Probe, ...] = ()
    """Rendered behind these."""


class Rendered(msgspec.Struct, frozen=True):
    """One conversation as the template writes it, up to where the model would answer."""

    text: str = ""
    problem: str = ""
    """Why it cannot; empty where it can."""


def render(task: Task) -> tuple[Rendered, ...]:
    """Each conversation of a task, then each probe.

    Raises:
        KnownError: the template needs more time or memory than any that is in use.
    """
    try:
        ran = subprocess.run(
            _command(),
            input=msgspec.json.encode(task),
            capture_output=True,
            timeout=_MOST_WAITING * MOST_SECONDS,
            check=False,
        )
        return msgspec.json.decode(ran.stdout, type=tuple[Rendered, ...])
    except (OSError, subprocess.TimeoutExpired, msgspec.DecodeError) as error:
        raise KnownError(
            "language model: expected a chat template that is rendered within {seconds} s and "
            "{megabytes} MB, found one that is not. Take the model from another source.",
            seconds=MOST_SECONDS,
            megabytes=MOST_MEMORY >> 20,
        ) from error


def serve() -> None:
    """Render one task, as the process that is started for it."""
    _bound()
    task = msgspec.json.decode(sys.stdin.buffer.read(), type=Task)
    sys.stdout.buffer.write(msgspec.json.encode(_rendered(task)))


def _command() -> list[str]:
    return process_command("runtime.composition.rendering")


def _bound() -> None:
    """Take away from this process what no template needs; where the system can do that."""
    with contextlib.suppress(ImportError, OSError, ValueError):
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
        resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS))
        resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))


def _rendered(task: Task) -> tuple[Rendered, ...]:
    from jinja2 import TemplateError

    try:
        template = _environment().from_string(task.template)
    except (TemplateError, RecursionError, MemoryError) as error:
        return (_failed(error),) * (len(task.conversations) + len(task.probes))
    thinks = task.thinks or (False,) * len(task.conversations)
    told = [
        ([{"role": role, "content": content} for role, content in said], None, think)
        for said, think in zip(task.conversations, thinks, strict=True)
    ]
    probes = [(list(probe.messages), list(probe.tools), False) for probe in task.probes]
    return tuple(_one(template.render, task, *one) for one in [*told, *probes])


def _one(
    write: Callable[..., str],
    task: Task,
    messages: list[dict[str, Any]],
    tools: list[dict[str, Any]] | None,
    think: bool,
) -> Rendered:
    try:
        text = write(
            messages=messages,
            add_generation_prompt=True,
            bos_token=task.bos,
            eos_token=task.eos,
            enable_thinking=think,
            date_string=DATE,
            tools=tools,
            tools_in_user_message=False,
            documents=None,
        )
        text.encode()
    except Exception as error:  # noqa: BLE001  (a template may raise whatever Python raises)
        return _failed(error)
    if len(text) > MOST_TEXT:
        return Rendered(problem=f"it writes {len(text)} characters around a few words")
    return Rendered(text)


def _failed(error: BaseException) -> Rendered:
    said = " ".join(str(error).split())[:200]
    return Rendered(problem=f"{type(error).__name__}: {said}")


def _environment() -> Any:
    """Jinja as chat templates are written for."""
    from jinja2 import TemplateError, nodes
    from jinja2.ext import Extension
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    class Generation(Extension):
        """`{% generation %}` marks what a model learns to write; nothing to render."""

        tags = {"generation"}  # noqa: RUF012  (as jinja2 has it)

        def parse(self, parser: Any) -> nodes.Node | list[nodes.Node]:
            """The body alone."""
            next(parser.stream)
            body: list[nodes.Node] = parser.parse_statements(
                ("name:endgeneration",), drop_needle=True
            )
            return body

    def refuse(message: str) -> None:
        raise TemplateError(message)

    made = ImmutableSandboxedEnvironment(
        trim_blocks=True, lstrip_blocks=True, extensions=[Generation, "jinja2.ext.loopcontrols"]
    )
    made.filters["tojson"] = lambda value, indent=None: json.dumps(
        value, ensure_ascii=False, indent=indent
    )
    made.globals.update(raise_exception=refuse, strftime_now=lambda _: DATE)
    return made


if __name__ == "__main__":
    serve()
