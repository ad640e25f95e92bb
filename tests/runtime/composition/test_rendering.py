"""A chat template is a program from anywhere: it runs in little time and memory, or not at all."""

from __future__ import annotations

import pytest

from plugins.errors import KnownError
from runtime.composition import rendering
from runtime.composition.rendering import Task, render

SAID = (("user", "hello"),)


def task(template: str, *conversations: tuple[tuple[str, str], ...]) -> Task:
    return Task(template, "<s>", "</s>", conversations or (SAID,))


def test_each_conversation_is_rendered_by_itself() -> None:
    template = "{{ bos_token }}{% for one in messages %}{{ one.content }}{% endfor %}"
    one, two = render(task(template, SAID, (*SAID, ("assistant", "hi"))))

    assert one.text == "<s>hello" and not one.problem
    assert two.text == "<s>hellohi"


def test_what_a_template_refuses_is_told() -> None:
    (one,) = render(task("{{ raise_exception('only users') }}"))

    assert one.problem == "TemplateError: only users"


@pytest.mark.parametrize(
    "template",
    [
        "{{ ''.__class__.__mro__[1].__subclasses__() }}",
        "{{ messages.append(1) }}",
        "{% include '/etc/passwd' %}",
        "{{ range(999999999) }}",
        "{% for m in",
        "{{ " + "(" * 5000 + " }}",
    ],
)
def test_what_the_sandbox_forbids_is_a_problem(template: str) -> None:
    (one,) = render(task(template))

    assert one.problem and not one.text


@pytest.mark.parametrize(
    "template",
    [
        "{{ 'a' * 10**10 }}",
        "{% set x = namespace(v='aaaa') %}{% for i in range(60) %}{% set x.v = x.v ~ x.v %}"
        "{% endfor %}{{ x.v }}",
        "{{ 'a'.ljust(9999999999) }}",
    ],
)
def test_one_that_wants_all_memory_gets_none_of_ours(template: str) -> None:
    (one,) = render(task(template))

    assert one.problem.startswith(("MemoryError", "OverflowError"))


def test_one_that_never_ends_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rendering, "MOST_SECONDS", 0.5)
    loop = "".join("{% for i in range(99999) %}" for _ in range(6))

    with pytest.raises(KnownError, match="expected a chat template that is rendered within"):
        render(task(loop + "{% endfor %}" * 6))


@pytest.mark.parametrize(
    ("template", "said"),
    [("{{ 'a' * 1000001 }}", "1000001 characters"), ("{{ '\\ud800' }}", "UnicodeEncodeError")],
)
def test_what_no_bundle_can_hold_is_a_problem(template: str, said: str) -> None:
    (one,) = render(task(template))

    assert said in one.problem and not one.text
