"""The format in which a bundle's model uses tools: its own, or JSON between tags.

Knows templates; knows no tool and no model.
"""

from __future__ import annotations

import re

from runtime.bundle.manifest import TemplateSpec, ToolsSpec

_OPEN = """# Tools

You may call one or more functions to assist with the user query.

You are provided with function signatures within <tools></tools> XML tags:
<tools>
"""
_CLOSE = """
</tools>

For each function call, return a json object with function name and arguments within \
<tool_call></tool_call> XML tags:
<tool_call>
{"name": <function-name>, "arguments": <args-json-object>}
</tool_call>"""
_SETTLED = "Understood."
_MARK = re.compile(r"<[^<>\s]+>|\[[A-Z_]+\]")


def tools_form(template: TemplateSpec) -> ToolsSpec:
    """The template's own format; where it has none, the one that most models know."""
    return template.tools or plain_form(template)


def plain_form(template: TemplateSpec) -> ToolsSpec:
    """Signatures of the tools and calls as JSON between tags, explained in words; results stand in
    messages of the person's side. Where the template has no place for a system text, the list of
    tools is its first message."""
    spoken = bool(template.system_open)
    before = template.system_open or template.system + template.user_open
    after = template.system_close or template.user_close + _SETTLED + template.answer_close
    return ToolsSpec(
        system_open=before,
        list_open=("\n\n" if spoken else "") + _OPEN,
        list_close=_CLOSE,
        listing="signatures",
        system_close=after,
        calls_lead="\n",
        call_open='<tool_call>\n{"name": "',
        call_middle='", "arguments": ',
        call_close="}\n</tool_call>",
        calls_between="\n",
        results_open=template.answer_close + template.user_open,
        result_open="<tool_response>\n",
        result_close="\n</tool_response>",
        results_between="\n",
        results_close=template.user_close,
    )


def sign_of(form: ToolsSpec) -> tuple[str, bool]:
    """The mark that tells that calls begin, and whether it does so only at an answer's beginning,
    since it might occur in words too."""
    opened = (form.calls_open + form.call_open).lstrip()
    mark = _MARK.match(opened)
    if mark:
        return mark.group(), False
    return opened.split("{id}")[0], not opened.startswith(("<", "["))
