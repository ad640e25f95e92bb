"""A model's own chat template, taken apart into a bundle's pieces."""

from __future__ import annotations

import pytest

from plugins.errors import KnownError
from runtime.bundle.manifest import TemplateSpec
from runtime.composition.chat_template import chat_pieces, template_from_chat

TURN = "{{ '<|im_start|>' + m.role + '\\n' + m.content + '<|im_end|>\\n' }}"
CHATML = (
    "{% for m in messages %}" + TURN + "{% endfor %}"
    "{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}"
)
SYSTEM = "{{ '<|im_start|>system\\nBe kind.<|im_end|>\\n' }}"
LLAMA2 = (
    "{{ bos_token }}{% for m in messages %}{% if m.role == 'user' %}[INST] {{ m.content }} [/INST]"
    "{% else %} {{ m.content }} {{ eos_token }}{% endif %}{% endfor %}"
)
VICUNA = (
    "{% for m in messages %}{% if m.role == 'user' %}{{ '### Human: ' + m.content + '\\n' }}"
    "{{ '### Assistant: ' }}{% else %}{{ m.content + '\\n' }}{% endif %}{% endfor %}"
)


def taken_apart(chat: str, *ends: str) -> TemplateSpec:
    return template_from_chat(chat, bos="<s>", eos="</s>", ends=ends or ("</s>",))


def conversation(template: TemplateSpec) -> str:
    """Two questions, as the runtime writes them."""
    asked = [f"{template.user_open}{q}{template.user_close}" for q in ("one", "two")]
    return f"{template.system}{asked[0]}answer{template.answer_close}{asked[1]}"


@pytest.mark.parametrize("system", ["", SYSTEM])
def test_chatml(system: str) -> None:
    template = taken_apart(system + CHATML, "<|im_end|>")

    said = "<|im_start|>system\nBe kind.<|im_end|>\n" if system else ""
    assert conversation(template) == (
        f"{said}<|im_start|>user\none<|im_end|>\n<|im_start|>assistant\nanswer<|im_end|>\n"
        "<|im_start|>user\ntwo<|im_end|>\n<|im_start|>assistant\n"
    )
    assert template.answer_close.startswith("<|im_end|>")
    assert template.stop == ()
    assert (template.media_open, template.media_close) == ("<Img>", "</Img>")


def test_a_template_that_begins_with_the_first_token() -> None:
    template = taken_apart(LLAMA2)

    assert conversation(template) == "<s>[INST] one [/INST]answer </s>[INST] two [/INST]"
    assert template.system == "<s>"
    assert not template.add_bos


def test_answers_that_no_token_ends_are_ended_by_what_comes_next() -> None:
    template = taken_apart(VICUNA)

    assert template.stop == ("### Human:",)
    assert conversation(template) == (
        "### Human: one\n### Assistant: answer\n</s>### Human: two\n### Assistant: "
    )


@pytest.mark.parametrize(
    "broken",
    [
        "{{ messages[0].content }}",
        "{% for m in messages %}",
        "{{ raise_exception('no') }}",
        "{{ messages[9].content }}",
        "{{ ''.__class__.__mro__ }}",
    ],
)
def test_a_template_that_cannot_be_used_is_refused(broken: str) -> None:
    with pytest.raises(KnownError, match="--template"):
        taken_apart(broken)


THINKS = "{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}"
MESSAGES = "{% for m in messages %}" + TURN + "{% endfor %}"


def test_a_model_that_has_the_choice_answers_at_once_and_may_think() -> None:
    switch = "{% if enable_thinking is false %}{{ '<think>\\n\\n</think>\\n\\n' }}{% else %}"
    template = taken_apart(
        MESSAGES + THINKS + switch + "{{ '<think>\\n' }}{% endif %}{% endif %}", "<|im_end|>"
    )
    assert template.user_close == "<|im_end|>\n<|im_start|>assistant\n"
    assert template.answer_open == "<think>\n\n</think>\n\n"
    assert template.thinking_answer_open == "<think>\n"


def test_a_model_that_begins_to_think_by_itself() -> None:
    switch = "{% if enable_thinking is false %}{{ '<think>\\n\\n</think>\\n\\n' }}{% endif %}"
    template = taken_apart(MESSAGES + THINKS + switch + "{% endif %}", "<|im_end|>")
    assert template.answer_open == "<think>\n\n</think>\n\n"
    assert template.thinking_answer_open == ""


def test_a_model_that_always_thinks() -> None:
    template = taken_apart(MESSAGES + THINKS + "{{ '<think>\\n' }}{% endif %}", "<|im_end|>")
    assert template.user_close == "<|im_end|>\n<|im_start|>assistant\n"
    assert (template.answer_open, template.thinking_answer_open) == ("<think>\n", None)


def test_a_question_about_a_message_is_answered_at_once() -> None:
    pieces = chat_pieces(
        MESSAGES + THINKS + "{{ '<think>\\n' }}{% endif %}",
        bos="<s>",
        eos="</s>",
        ends=("<|im_end|>",),
    )
    assert pieces.question_close.endswith("<think>\n\n</think>\n\n")


def test_a_model_that_does_not_think_has_no_choice() -> None:
    template = taken_apart(CHATML, "<|im_end|>")
    assert (template.answer_open, template.thinking_answer_open) == ("", None)
