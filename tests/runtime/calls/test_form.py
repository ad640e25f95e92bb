"""The format of a template, and the mark that calls begin with."""

from __future__ import annotations

import msgspec
import pytest

from runtime.bundle.manifest import TemplateSpec, ToolsSpec
from runtime.calls.form import plain_form, sign_of, tools_form
from tests.runtime.calls.making import ARRAY, CHATML, QUOTED, XML


def test_a_template_s_own_format_comes_first() -> None:
    own = msgspec.structs.replace(CHATML, tools=XML)

    assert tools_form(own) is XML
    assert tools_form(CHATML) == plain_form(CHATML)


def test_the_plain_format_in_chatml_is_what_qwen_was_trained_with() -> None:
    form = plain_form(CHATML)

    assert form.list_open.startswith("\n\n# Tools\n\nYou may call one or more functions")
    assert form.results_open + form.result_open == "<|im_end|>\n<|im_start|>user\n<tool_response>\n"
    assert form.results_close == "<|im_end|>\n<|im_start|>assistant\n"


def test_without_a_place_for_a_system_text_the_list_is_the_first_message() -> None:
    template = TemplateSpec(user_open="<user>", user_close="<assistant>", answer_close="</s>")

    form = plain_form(template)

    assert form.system_open == "<user>"
    assert form.list_open.startswith("# Tools")
    assert form.system_close == "<assistant>Understood.</s>"


LLAMA = msgspec.structs.replace(XML, call_open='{"name": "', call_middle='", "parameters": ')
FUNCTION = msgspec.structs.replace(XML, call_open="<function=")


@pytest.mark.parametrize(
    ("form", "sign"),
    [
        (plain_form(CHATML), ("<tool_call>", False)),
        (ARRAY, ("[TOOL_CALLS]", False)),
        (QUOTED, ("<|tool_call>", False)),
        (FUNCTION, ("<function=", False)),
        (LLAMA, ('{"name": "', True)),
    ],
)
def test_the_sign_of_calls(form: ToolsSpec, sign: tuple[str, bool]) -> None:
    assert sign_of(form) == sign
