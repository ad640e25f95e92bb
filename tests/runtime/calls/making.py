"""Tools and formats that tests of calls share."""

from __future__ import annotations

import json
from typing import Any

from runtime.bundle.manifest import TemplateSpec, ToolsSpec
from runtime.messages import Message, TextPart, ToolSpec, Turn

CHATML = TemplateSpec(
    system="Be kind.",
    system_open="<|im_start|>system\n",
    system_close="<|im_end|>\n",
    user_open="<|im_start|>user\n",
    user_close="<|im_end|>\n<|im_start|>assistant\n",
    answer_close="<|im_end|>\n",
)
AROUND: dict[str, Any] = {
    "system_open": "<s>",
    "system_close": "</s>",
    "list_open": "[",
    "list_close": "]",
    "results_open": "<results>",
    "result_open": "<result>",
    "result_close": "</result>",
    "results_close": "</results>",
}
XML = ToolsSpec(
    **AROUND,
    call_open="<tool_call>\n<function=",
    call_middle=">\n",
    call_close="</function>\n</tool_call>",
    calls_between="\n",
    arguments="tagged",
    argument_open="<parameter=",
    argument_middle=">\n",
    argument_close="\n</parameter>\n",
)
ARRAY = ToolsSpec(
    **AROUND,
    calls_open="[TOOL_CALLS] [",
    call_open='{"name": "',
    call_middle='", "arguments": ',
    call_close=', "id": "{id}"}',
    calls_between=", ",
    calls_close="]",
)
QUOTED = ToolsSpec(
    **AROUND,
    call_open="<|tool_call>call:",
    call_middle="",
    call_close="<tool_call|>",
    arguments="quoted",
    argument_open='<|"|>',
)


def tool(name: str, *required: str, **properties: Any) -> ToolSpec:
    """A tool with these arguments, those of `required` among them."""
    schema = {"type": "object", "properties": properties, "required": list(required)}
    return ToolSpec(name, f"The tool {name}.", json.dumps(schema))


WEATHER = tool(
    "get_weather",
    "city",
    city={"type": "string"},
    unit={"type": "string", "enum": ["celsius", "fahrenheit"]},
)
TIMER = tool("timer", "seconds", seconds={"type": "integer"}, label={"type": "string"})


def asked(*tools: ToolSpec, **options: Any) -> Turn:
    """A question beside tools."""
    return Turn((Message("user", (TextPart("now"),)),), tools=tools, **options)
