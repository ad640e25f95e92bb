"""How a model's own chat template writes tools, calls and results: what Medley writes by what it
found is what the template writes."""

from __future__ import annotations

import json
from typing import Any

import pytest

from runtime.bundle.manifest import ToolsSpec
from runtime.calls.form import plain_form
from runtime.composition.chat_template import ENDS, ChatPieces, chat_pieces, system_template
from runtime.composition.rendering import DATE, Probe, Task, render
from runtime.messages import Message, TextPart, ToolCallPart, ToolResultPart, ToolSpec
from runtime.turn.message_pieces import Element, MessagePieces
from tests.runtime.composition import templates, tool_templates

SYSTEM = "Be kind."
TOOLS: list[dict[str, Any]] = [
    {"name": "weather", "description": "Tells it.", "parameters": {"type": "object"}},
    {
        "name": "timer",
        "description": "Sets one.",
        "parameters": {
            "type": "object",
            "properties": {"label": {"type": "string", "description": "Of it."}},
        },
    },
]
QWEN = ("", "<|im_end|>")
KNOWN = {
    "QWEN2_5": QWEN,
    "QWEN3_5": QWEN,
    "QWEN3_CODER": QWEN,
    "LLAMA3_1": ("<|begin_of_text|>", "<|eot_id|>"),
    "MISTRAL_NEMO": ("<s>", "</s>"),
    "MISTRAL_SMALL": ("<s>", "</s>"),
    "GEMMA4": ("<bos>", "<turn|>"),
}
ANSWERED = {"label": "tea", "seconds": 7}


def pieces(name: str) -> ChatPieces:
    bos, eos = KNOWN[name]
    template = getattr(tool_templates, name)
    return chat_pieces(template, bos=bos, eos=eos, ends=[*ENDS, eos])


def found(name: str) -> ToolsSpec:
    tools = pieces(name).tools
    assert tools is not None
    return tools


def rendered(name: str, count: int) -> str:
    """A conversation of the template's own: `count` calls, and what they gave."""
    bos, eos = KNOWN[name]
    calls = [
        {"id": f"abcdef{n}89", "type": "function", "function": {"name": "timer", "arguments": a}}
        for n, a in enumerate([ANSWERED] * count)
    ]
    messages: list[dict[str, Any]] = [
        {"role": "system", "content": SYSTEM},
        {"role": "user", "content": "set it"},
        {"role": "assistant", "content": "", "tool_calls": calls},
        *(
            {"role": "tool", "content": f"it is set {n}", "tool_call_id": f"abcdef{n}89"}
            for n in range(count)
        ),
    ]
    tools = tuple({"type": "function", "function": tool} for tool in TOOLS)
    template = getattr(tool_templates, name)
    (one,) = render(Task(template, bos, eos, (), probes=(Probe(tuple(messages), tools),)))
    assert not one.problem
    return "".join(
        line for line in one.text.removeprefix(bos).splitlines(keepends=True) if DATE not in line
    )


def written(name: str, count: int) -> str:
    """The same conversation as Medley writes it."""
    template = system_template(pieces(name), SYSTEM, "", SYSTEM)
    tools = [ToolSpec(t["name"], t["description"], json.dumps(t["parameters"])) for t in TOOLS]
    write = MessagePieces(template, {}, {}, "", tools)
    parts: list[Any] = [
        ToolCallPart(f"abcdef{n}89", "timer", json.dumps(ANSWERED)) for n in range(count)
    ]
    parts += [ToolResultPart(f"abcdef{n}89", "timer", f"it is set {n}") for n in range(count)]
    body, end = write.going_on(Message("assistant", tuple(parts)), template.answer_open)
    question = write.question(Message("user", (TextPart("set it"),)))
    return text([*write.opening(), *question, (template.user_close, True), *body, *end])


def text(elements: list[Element]) -> str:
    return "".join(one[0] for one in elements if isinstance(one, tuple))


@pytest.mark.parametrize("count", [1, 2])
@pytest.mark.parametrize("name", ["QWEN2_5", "MISTRAL_SMALL"])
def test_a_conversation_is_the_template_s_own(name: str, count: int) -> None:
    assert written(name, count) == rendered(name, count)


def test_a_model_that_thinks_goes_on_as_it_began() -> None:
    # The template writes a thought before each answer that holds calls; in an answer that goes on
    # that is what it was opened with.
    thought = "<think>\n\n</think>\n\n"

    assert written("QWEN3_5", 2).endswith(f"<|im_start|>assistant\n{thought}")
    own = rendered("QWEN3_5", 2).replace(
        "assistant\n<tool_call>", f"assistant\n{thought}<tool_call>"
    )
    assert written("QWEN3_5", 2) == own


def test_a_template_of_one_call_at_a_time() -> None:
    assert written("LLAMA3_1", 1) == rendered("LLAMA3_1", 1)
    assert not found("LLAMA3_1").several


@pytest.mark.parametrize("name", ["QWEN3_CODER", "GEMMA4", "MISTRAL_NEMO"])
def test_from_the_question_on_a_conversation_is_the_template_s_own(name: str) -> None:
    own, ours = rendered(name, 2), written(name, 2)

    assert ours[ours.index("set it") :] == own[own.index("set it") :]
    assert all(tool["name"] in ours for tool in TOOLS)


def test_tools_that_a_template_does_not_write_as_json_are_json_in_their_place() -> None:
    ours = written("QWEN3_CODER", 1)

    assert f"\n\n<tools>\n{json.dumps(TOOLS[0])}\n{json.dumps(TOOLS[1])}\n</tools>\n" in ours


def test_tools_in_the_quoted_form() -> None:
    quote = '<|"|>'

    assert (
        f"<|tool>declaration:weather{{description:{quote}Tells it.{quote},"
        f"parameters:{{type:{quote}OBJECT{quote}}}}}<tool|>"
    ) in written("GEMMA4", 1)


@pytest.mark.parametrize(
    ("name", "style", "opened"),
    [
        ("QWEN2_5", "json", '<tool_call>\n{"name": "'),
        ("QWEN3_5", "tagged", "<tool_call>\n<function="),
        ("QWEN3_CODER", "tagged", "<tool_call>\n<function="),
        ("LLAMA3_1", "json", '{"name": "'),
        ("MISTRAL_NEMO", "json", '[TOOL_CALLS][{"name": "'),
        ("MISTRAL_SMALL", "json", '[TOOL_CALLS][{"name": "'),
        ("GEMMA4", "quoted", "<|tool_call>call:"),
    ],
)
def test_styles(name: str, style: str, opened: str) -> None:
    form = found(name)

    assert (form.arguments, form.calls_open + form.call_open) == (style, opened)


@pytest.mark.parametrize(
    ("template", "bos", "eos"),
    [
        (tool_templates.HARMONY, "", "<|return|>"),
        (templates.GEMMA3, "<bos>", "<eos>"),
        (templates.QWEN3, "", "<|im_end|>"),
        (templates.DEEPSEEK_R1, "<｜begin▁of▁sentence｜>", "<｜end▁of▁sentence｜>"),
        (templates.VICUNA, "<s>", "</s>"),
        (templates.MISTRAL, "<s>", "</s>"),
    ],
)
def test_a_template_without_tools_gets_the_plain_form(template: str, bos: str, eos: str) -> None:
    chat = chat_pieces(template, bos=bos, eos=eos, ends=[*ENDS, eos])

    made = system_template(chat, SYSTEM, "", "With tools.", "Call.")

    assert chat.tools is None
    assert made.tools is not None
    assert made.tools.call_open == plain_form(made).call_open
    assert (made.tools.system, made.tools.reminder) == ("With tools.", "Call.")
