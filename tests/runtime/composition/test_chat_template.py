"""A model's own chat template, taken apart into a bundle's pieces."""

from __future__ import annotations

import pytest

from plugins.errors import KnownError
from runtime.bundle.manifest import TemplateSpec
from runtime.composition.chat_template import (
    ENDS,
    ChatPieces,
    chat_pieces,
    system_template,
    template_from_chat,
)
from tests.runtime.composition import templates

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
    with pytest.raises(KnownError, match="expected a chat template"):
        taken_apart(broken)


def pieces(chat: str, bos: str = "<s>", eos: str = "</s>") -> ChatPieces:
    return chat_pieces(chat, bos=bos, eos=eos, ends=[*ENDS, eos])


def written(chat: ChatPieces) -> str:
    """A system text, two questions and an answer, as the runtime writes them."""
    template = system_template(chat, "SYSTEM", "")
    opened = f"{template.system_open}{template.system}{template.system_close}"
    one, two = (f"{template.user_open}{text}{template.user_close}" for text in ("one", "two"))
    return f"{opened}{one}answer{template.answer_close}{two}"


def asked(chat: ChatPieces) -> str:
    """A question behind a person's message."""
    return f"{chat.user_open}one{chat.question_open}QUESTION{chat.question_close}"


def test_a_system_text_and_a_question_have_their_places_in_llama_3() -> None:
    chat = pieces(templates.LLAMA3, "<|begin_of_text|>", "<|eot_id|>")

    head = "<|start_header_id|>{}<|end_header_id|>\n\n"
    user, system, model = (head.format(role) for role in ("user", "system", "assistant"))
    known = "Cutting Knowledge Date: December 2023\n"
    assert written(chat) == (
        f"{system}{known}\nSYSTEM<|eot_id|>{user}one<|eot_id|>{model}answer<|eot_id|>"
        f"{user}two<|eot_id|>{model}"
    )
    assert asked(chat) == f"{user}one<|eot_id|>{system}QUESTION<|eot_id|>{model}"
    assert chat.add_bos and chat.system_role
    assert chat.stop == ("<|eot_id|>", "<|start_header_id|>")


def test_a_model_that_can_think_aloud_answers_at_once() -> None:
    chat = pieces(templates.QWEN3, "", "<|im_end|>")

    model, thought = "<|im_start|>assistant\n", "<think>\n\n</think>\n\n"
    assert chat.user_close == f"<|im_end|>\n{model}"
    assert chat.answer_open == thought
    assert asked(chat).endswith(f"<|im_start|>system\nQUESTION<|im_end|>\n{model}{thought}")
    assert not chat.add_bos


def test_a_model_that_always_thinks_may_before_its_answer_and_not_before_a_letter() -> None:
    chat = pieces(templates.DEEPSEEK_R1, "<｜begin▁of▁sentence｜>", "<｜end▁of▁sentence｜>")

    assert (chat.user_close, chat.answer_open) == ("<｜Assistant｜>", "<think>\n")
    assert chat.question_close.endswith("<｜Assistant｜><think>\n\n</think>\n\n")
    assert written(chat).startswith("<｜begin▁of▁sentence｜>SYSTEM<｜User｜>one<｜Assistant｜>")
    assert not chat.add_bos


@pytest.mark.parametrize("template", [templates.GEMMA2, templates.GEMMA3])
def test_without_a_system_role_the_system_text_is_the_first_message(template: str) -> None:
    chat = pieces(template, "<bos>", "<eos>")

    user, model = "<start_of_turn>user\n", "<start_of_turn>model\n"
    end = "<end_of_turn>\n"
    assert not chat.system_role and chat.add_bos
    assert written(chat) == (
        f"{user}SYSTEM{end}{model}Understood.{end}"
        f"{user}one{end}{model}answer{end}{user}two{end}{model}"
    )
    assert asked(chat) == f"{user}one\n\nQUESTION{end}{model}"
    assert chat.stop == ("<end_of_turn>", "<start_of_turn>")


def test_a_system_text_that_would_stand_in_the_last_message_is_the_first_one() -> None:
    chat = pieces(templates.MISTRAL)

    assert written(chat) == (
        "[INST] SYSTEM[/INST]Understood.</s>[INST] one[/INST]answer</s>[INST] two[/INST]"
    )
    assert asked(chat) == "[INST] one\n\nQUESTION[/INST]"


def test_a_template_whose_token_ends_the_rendering_too() -> None:
    chat = pieces(templates.PHI3, "<s>", "<|endoftext|>")

    assert written(chat) == (
        "<|system|>\nSYSTEM<|end|>\n<|user|>\none<|end|>\n<|assistant|>\nanswer<|end|>\n"
        "<|user|>\ntwo<|end|>\n<|assistant|>\n"
    )
    assert asked(chat) == ("<|user|>\none<|end|>\n<|system|>\nQUESTION<|end|>\n<|assistant|>\n")


def test_a_question_is_never_written_as_if_the_model_had_said_it() -> None:
    chat = chat_pieces(templates.VICUNA, bos="<s>", eos="</s>", ends=["</s>"], add_bos=True)

    assert written(chat) == "<s>SYSTEM USER: one ASSISTANT:answer</s> USER: two ASSISTANT:"
    assert not chat.add_bos
    assert asked(chat) == " USER: one\n\nQUESTION ASSISTANT:"


def test_marks_of_what_a_model_learns_to_write_are_nothing() -> None:
    chat = pieces(templates.GRANITE, "", "<|end_of_text|>")

    assert chat.user_open == "<|start_of_role|>user<|end_of_role|>"
    assert chat.answer_close == "<|end_of_text|>\n"


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
